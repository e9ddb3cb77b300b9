"""Inpaint, by Midjourney Inpaint.

Run it as `python inpaint.py JOB`, where JOB is the id of the job to go on from,
with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import MidjourneyInpaint

if len(sys.argv) != 2:
    sys.exit("usage: python inpaint.py JOB")

try:
    request = MidjourneyInpaint(
        parent_job_id=sys.argv[1],
        mask=(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGP4DwABAQEAG7buVg"
            "AAAABJRU5ErkJggg=="
        ),
        prompt="a red balloon",
    )
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except (FluxframeError, ValueError) as error:  # A ValueError if JOB is not an id.
    sys.exit(f"{type(error).__name__}: {error}")
