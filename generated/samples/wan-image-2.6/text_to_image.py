"""Text to image, by Wan Image 2.6.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import WanImage26

request = WanImage26(
    prompt="a street musician in the rain, neon reflections",
    aspect_ratio="3:4",
    prompt_extend=True,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
