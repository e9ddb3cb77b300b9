"""Text to image, by Flux 2 Max.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux2Max

request = Flux2Max(
    prompt=(
        "a photorealistic product shot of a luxury watch on polished marble, studio "
        "lighting"
    ),
    aspect_ratio="1:1",
    resolution="2 MP",
    output_format="jpg",
    output_quality=95,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
