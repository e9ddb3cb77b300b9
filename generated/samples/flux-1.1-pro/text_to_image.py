"""Text to image, by Flux 1.1 Pro.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux11Pro

request = Flux11Pro(
    prompt="a futuristic city skyline at sunset, cyberpunk style",
    aspect_ratio="16:9",
    output_format="webp",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
