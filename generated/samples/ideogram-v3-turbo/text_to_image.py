"""Text to image, by Ideogram V3 Turbo.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import IdeogramV3Turbo

request = IdeogramV3Turbo(
    prompt="A cat wearing a space helmet floating among stars",
    aspect_ratio="1:1",
    style_preset="Pop Art",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
