"""Image editing with references, by Flux 2 Pro.

Run it as `python edit_with_references.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import Flux2Pro

request = Flux2Pro(
    prompt="change the car to blue",
    aspect_ratio="match_input_image",
    input_images=["https://example.com/car.jpg"],
    output_format="jpg",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
