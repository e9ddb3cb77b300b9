"""Text to image, by Imagen 4 Ultra.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Imagen4Ultra

request = Imagen4Ultra(
    prompt="a fox curled up asleep in fresh snow, close-up",
    aspect_ratio="4:3",
    output_format="png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
