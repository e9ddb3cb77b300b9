"""Text to image, by Qwen Image.

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import QwenImage

request = QwenImage(
    prompt='a bookshop window with the words "New arrivals" in gold letters',
    image_size="landscape_16_9",
    num_images=1,
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
