"""Text to image, by GPT Image 1.5.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import GptImage15

request = GptImage15(
    prompt=(
        "A whimsical watercolor painting of a fox reading a book in a sunlit forest "
        "clearing"
    ),
    quality="high",
    aspect_ratio="3:2",
    output_format="png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
