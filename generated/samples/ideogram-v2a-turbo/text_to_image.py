"""Text to image, by Ideogram V2a Turbo.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import IdeogramV2aTurbo

request = IdeogramV2aTurbo(
    prompt='Logo design for a tech startup called "NexaFlow"',
    aspect_ratio="1:1",
    style_type="Design",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
