"""Text to image, by Stable Diffusion 3.5 Medium.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import StableDiffusion35Medium

request = StableDiffusion35Medium(
    prompt="an old greenhouse overgrown with ferns, soft light through dusty glass",
    aspect_ratio="16:9",
    output_format="png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
