"""Enlarge an illustration, by Clarity Upscaler.

Run it as `python upscale.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import ClarityUpscale

request = ClarityUpscale(
    image="https://example.com/illustration.png",
    prompt="highly detailed, sharp focus, intricate textures",
    scale_factor=2,
    creativity=0.35,
    resemblance=0.6,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
