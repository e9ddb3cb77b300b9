"""Text to image, by Flux 2 Flex.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux2Flex

request = Flux2Flex(
    prompt="a poster with bold text reading SUMMER SALE 50% OFF, modern design",
    aspect_ratio="9:16",
    steps=30,
    guidance=4.5,
    output_format="png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
