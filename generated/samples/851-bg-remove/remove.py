"""Remove a background, by 851-labs — Background Remove.

Run it as `python remove.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Model851BgRemove

request = Model851BgRemove(
    image="https://example.com/input.jpg",
    format="png",
    threshold=0,
    background_type="rgba",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
