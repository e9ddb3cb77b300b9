"""Text to image, by Flux 1.1 Pro Ultra.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux11ProUltra

request = Flux11ProUltra(
    prompt="a lighthouse on a cliff in a storm, seen from the sea",
    aspect_ratio="16:9",
    raw=True,
    output_format="jpg",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
