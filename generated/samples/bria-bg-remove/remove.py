"""Remove a background, by Bria — Background Remove.

Run it as `python remove.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import BriaBgRemove

request = BriaBgRemove(image="https://example.com/input.jpg", content_moderation=True)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
