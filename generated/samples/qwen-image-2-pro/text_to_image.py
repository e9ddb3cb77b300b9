"""Text to image, by Qwen Image 2 Pro.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import QwenImage2Pro

request = QwenImage2Pro(
    prompt="a caravan crossing dunes under a crescent moon, wide shot",
    aspect_ratio="21:9",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
