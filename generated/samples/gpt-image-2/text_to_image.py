"""Text to image, by GPT Image 2.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import GptImage2

request = GptImage2(
    prompt=(
        "Infographic explaining how photosynthesis works, bold sans-serif labels, "
        "light academic color palette"
    ),
    quality="high",
    aspect_ratio="3:2",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
