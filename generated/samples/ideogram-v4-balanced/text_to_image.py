"""Text to image, by Ideogram V4 Balanced.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import IdeogramV4Balanced

request = IdeogramV4Balanced(
    prompt='a shop sign that reads "Open late" in hand-painted letters',
    aspect_ratio="3:2",
    magic_prompt_option="Off",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
