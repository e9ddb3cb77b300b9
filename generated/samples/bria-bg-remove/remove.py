"""Remove a background, by Bria — Background Remove; the API key is in APIFRAME_API_KEY.

    python remove.py
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
