"""Text to image, by Flux 2 Dev.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux2Dev

request = Flux2Dev(
    prompt="a minimalist ceramic coffee mug with steam rising, product photography",
    aspect_ratio="1:1",
    output_format="jpg",
    go_fast=True,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
