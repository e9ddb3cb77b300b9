"""Text to image, by Seedream 4.5.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Seedream45

request = Seedream45(
    prompt=(
        "a warm nostalgic film-style interior of a cozy cafe, shot on 35mm, afternoon "
        "sunlight"
    ),
    size="4K",
    aspect_ratio="16:9",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
