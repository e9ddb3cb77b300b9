"""Text to image, by Seedream 3.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Seedream3

request = Seedream3(
    prompt="a serene Japanese garden with cherry blossoms in spring",
    aspect_ratio="16:9",
    size="big",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
