"""Text to image, by Flux 2 Pro.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux2Pro

request = Flux2Pro(
    prompt=(
        "a sleek silver sports car racing along a coastal highway at sunset, "
        "hyper-realistic"
    ),
    aspect_ratio="16:9",
    output_format="jpg",
    output_quality=90,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
