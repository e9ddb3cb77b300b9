"""A character from a reference image, by Ideogram Character.

Run it as `python character.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import IdeogramCharacter

request = IdeogramCharacter(
    prompt="A warrior character standing on a mountain cliff at sunset",
    aspect_ratio="9:16",
    rendering_speed="default",
    style_type="Fiction",
    character_reference_image="https://example.com/character.png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
