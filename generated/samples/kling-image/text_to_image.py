"""Text to image, by Kling Image.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import KlingImage

request = KlingImage(
    prompt="A serene Japanese garden with cherry blossoms falling into a koi pond",
    aspect_ratio="16:9",
    n=1,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
