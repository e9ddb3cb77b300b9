"""Text to image, by Nano Banana 2 Lite.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import NanoBanana2Lite

request = NanoBanana2Lite(
    prompt="a glass teapot with a blooming tea flower, backlit by morning sun",
    output_format="jpg",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
