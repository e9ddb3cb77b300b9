"""Pan, by Midjourney Pan.

Run it as `python pan.py JOB`, where JOB is the id of the job to go on from,
with the API key in APIFRAME_API_KEY.
"""

import sys

from fluxframe import Fluxframe, FluxframeError
from fluxframe.types import MidjourneyPan

if len(sys.argv) != 2:
    sys.exit("usage: python pan.py JOB")

try:
    request = MidjourneyPan(parent_job_id=sys.argv[1], direction="left")
    with Fluxframe() as client:
        job = client.images.run(request)  # Returns when the job is done.
        for image in job.images:
            print(image.save("."))
except (FluxframeError, ValueError) as error:  # A ValueError if JOB is not an id.
    sys.exit(f"{type(error).__name__}: {error}")
