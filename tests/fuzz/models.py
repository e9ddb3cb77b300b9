"""Requests for every model, drawn from the spec, by the client and over a real socket.

    python -m tests.fuzz.models --each 100 --pictures 10 --seed 1

Each has to pass the client's check and the model's class, be accepted by the emulator, and end in as many
images as it asks for; of so many of each model's jobs the pictures are fetched, and have the format
and the size that the request says.
"""

from __future__ import annotations

import argparse
import sys
from random import Random

import fluxframe
from codegen.naming import class_name
from fluxframe import check, types
from fluxframe.emulator import Emulator

from ..emulator.test_models import SPEC, assert_made, connected, painted, with_pictures
from ..good_requests import draw


def main() -> int:
    """Print a line for each model; the exit status is 1 if a request was not as it should be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--each", type=int, default=100, help="requests for each model")
    parser.add_argument(
        "--pictures", type=int, default=10, help="of those whose pictures are fetched"
    )
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    print(f"seed {options.seed}", flush=True)
    failed = 0
    with Emulator(job_seconds=0, credits=10**12) as emulator, connected(emulator) as api:
        url = api.uploaded(painted())
        for model in SPEC.models:
            chance = Random(f"{options.seed} {model}")
            faults: list[str] = []
            for number in range(options.each):
                request = with_pictures(api, model, draw(model, chance), url)
                try:
                    assert check(request).problems == (), check(request)
                    typed = getattr(types, class_name(model)).model_validate(request)
                    assert typed.to_wire() == request
                    assert_made(api, model, request, pictures=number < options.pictures)
                except (AssertionError, ValueError, fluxframe.FluxframeError) as error:
                    faults.append(f"  {error}"[:500])
            failed += len(faults)
            print(
                f"{model}: {options.each - len(faults)} of {options.each}",
                *faults[:3],
                sep="\n",
                flush=True,
            )
    print(
        f"{len(SPEC.models)} models, {options.each} requests each: {failed} not as they should be"
    )
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
