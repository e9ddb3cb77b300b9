"""Text to image, by Imagen 4.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Imagen4

request = Imagen4(
    prompt=(
        "A serene shallow pool among creek rocks with koi fish swimming under "
        "sunlight, lush aquatic plants visible beneath the surface"
    ),
    aspect_ratio="16:9",
    image_size="2K",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
