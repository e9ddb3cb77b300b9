"""Text to image, by AI Photos (LoRA).

Run it as `python text_to_image.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import FluxLora

request = FluxLora(
    prompt="a cinematic black-and-white portrait, dramatic side lighting, 50mm lens",
    lora_id="8a4d2c14-3b6f-4e0a-9d51-7c2f8e1b9a60",
    num_outputs=2,
    aspect_ratio="3:4",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
