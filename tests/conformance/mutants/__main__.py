"""Does the suite find every server that breaks one thing? `nox -s conformance-mutants -- --family flux`.

Each mutant has a run of its own. Prints those that are not found, or for which something else is blamed,
and exits with 1 if there are any.
"""

from __future__ import annotations

import argparse
import fnmatch
import os
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from random import Random

from . import Mutant, document, mutants_of
from ._judge import Judgement, judge


@cache
def _mutants(family: str) -> dict[str, Mutant]:
    return {mutant.id: mutant for mutant in mutants_of(document(), family)}


def _judged(family: str, ids: Sequence[str]) -> list[tuple[str, bool, int, int, float]]:
    """In a process of its own, as mutants are no data: the sentence of each, and its numbers."""
    known = document()
    first = [model.id for model in known.models if model.family == family][:1]
    found: list[Judgement] = [judge(known, _mutants(family)[id], first) for id in ids]
    return [(str(one), one.is_right, one.requests, one.accepted, one.seconds) for one in found]


def _chosen(family: str, given: argparse.Namespace) -> list[str]:
    ids = [id for id in _mutants(family) if fnmatch.fnmatch(id, given.id)]
    if given.all or len(ids) <= given.count:
        return ids
    return Random(given.seed).sample(ids, given.count)


def _results(
    family: str, ids: Sequence[str], jobs: int
) -> Iterator[tuple[str, bool, int, int, float]]:
    if jobs == 1:
        yield from _judged(family, ids)
        return
    with ProcessPoolExecutor(jobs) as pool:
        groups = [ids[first : first + 10] for first in range(0, len(ids), 10)]
        for results in pool.map(_judged, [family] * len(groups), groups):
            yield from results


def main() -> int:
    """Judge them, and tell."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="flux", help="of which models, or `all`")
    parser.add_argument("--all", action="store_true", help="every mutant")
    parser.add_argument("--count", type=int, default=60, help="how many of a family")
    parser.add_argument("--seed", type=int, default=1, help="which of them")
    parser.add_argument("--id", default="*", help="only those of ids like this")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes")
    parser.add_argument("--verbose", action="store_true", help="show those that are found, too")
    given = parser.parse_args()
    every = list(dict.fromkeys(model.family for model in document().models))
    families = every if given.family == "all" else [given.family]
    if unknown := [name for name in families if name not in every]:
        parser.error(f"--family: {unknown[0]!r} is no family; there are {', '.join(every)}")
    begun, total, right = time.perf_counter(), 0, 0
    requests: list[int] = []
    accepted: list[int] = []
    for family in families:
        for sentence, is_right, asked, paid, _ in _results(
            family, _chosen(family, given), given.jobs
        ):
            total, right = total + 1, right + is_right
            requests.append(asked)
            accepted.append(paid)
            if given.verbose or not is_right:
                print(sentence, flush=True)
    seconds = time.perf_counter() - begun
    if total:
        print(
            f"{right} of {total} found, each as its own cause; a run takes"
            f" {statistics.median(requests):.0f} requests, of which {statistics.median(accepted):.0f}"
            f" are accepted; {seconds:.0f} s in all"
        )
    return 0 if right == total else 1


if __name__ == "__main__":
    sys.exit(main())
