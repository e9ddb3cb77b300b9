"""Text to image, by Nano Banana 2.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import NanoBanana2

request = NanoBanana2(
    prompt="a sleek silver sports car on a coastal highway at sunset, hyper-realistic",
    resolution="1K",
    output_format="jpg",
    google_search=False,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
