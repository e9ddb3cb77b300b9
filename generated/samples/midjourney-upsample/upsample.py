"""Upsample, by Midjourney Upsample.

Run it as `python upsample.py JOB`, where JOB is the id of the job to go on from,
with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import MidjourneyUpsample

if len(sys.argv) != 2:
    sys.exit("usage: python upsample.py JOB")

try:
    request = MidjourneyUpsample(parent_job_id=sys.argv[1], index=2)
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except (FluxframeError, ValueError) as error:  # A ValueError if JOB is not an id.
    sys.exit(f"{type(error).__name__}: {error}")
