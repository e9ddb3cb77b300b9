"""Text to image, by DALL·E 3.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import DallE3

request = DallE3(
    prompt=(
        "A photorealistic image of an astronaut riding a horse on Mars, with Earth "
        "visible in the sky"
    ),
    aspect_ratio="3:2",
    style="vivid",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
