"""Text to image, by Wan Image 2.7 Pro.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import WanImage27Pro

request = WanImage27Pro(
    prompt="a cutaway view of a lighthouse with a different scene on each floor",
    aspect_ratio="16:9",
    thinking_mode=True,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
