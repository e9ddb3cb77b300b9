"""Text to image, by Nano Banana.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import NanoBanana

request = NanoBanana(
    prompt="a glass teapot with a blooming tea flower, backlit by morning sun",
    aspect_ratio="3:2",
    output_format="jpg",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
