"""Enlarge a photo, by Topaz Image Upscale.

Run it as `python upscale.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import TopazImageUpscale

request = TopazImageUpscale(
    image="https://example.com/photo.jpg",
    model_type="standard-v2",
    upscale_factor=2,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
