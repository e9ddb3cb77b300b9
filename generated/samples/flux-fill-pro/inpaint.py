"""Repaint a masked region, by Flux Fill Pro.

Run it as `python inpaint.py`, with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import FluxFillPro

request = FluxFillPro(
    image="https://example.com/scene.jpg",
    prompt="a small wooden boat",
    mode="inpaint",
    mask="https://example.com/mask.png",
)

try:
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except FluxframeError as error:
    sys.exit(f"{type(error).__name__}: {error}")
