"""Text to image, by Grok Imagine.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import GrokImagineImage

request = GrokImagineImage(
    prompt="a sleek silver sports car on a coastal highway at sunset, hyper-realistic",
    aspect_ratio="16:9",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
