"""What the package decides in many situations, printed as JSON without a word of its messages.

Run by `test_rewording.py` on the package as it is and on one with all its sentences reworded.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from click.testing import CliRunner

import fluxframe
import fluxframe.batch._gate
from fluxframe import FluxframeError
from fluxframe.cli import cli
from fluxframe.emulator import Emulator

from .servers.tiny import TinyServer

GOOD: dict[str, Any] = {"model": "flux-2-pro", "prompt": "a fox"}
REQUESTS: list[Any] = [
    GOOD,
    {**GOOD, "width": 4000, "go_fast": True, "heigth": 1, "seed": "7", "input_images": ["x.png"]},
    {**GOOD, "width": 512, "output_quality": 5, "output_format": "png"},
    {**GOOD, "resolution": "9 MP", "aspect_ratio": "custom", "timeout": 5},
    {**GOOD, "seed": 1, "fluxParams": {"seed": None}},
    {"model": "flux-2-prp", "prompt": ""},
    {"prompt": "a fox"},
    5,
]
FAILURES = ("fail-a", "lack9-b", "bad-c", "ok")
COMMANDS = (
    ["models", "--json"],
    ["generate", "flux-2-pro", "a fox", "--width", "4000", "--json"],
    ["generate", "flux-2-pro", "a fox", "--input-images", "no.png", "--json"],
    ["generate", "flux-2-pro", "a fox", "--no-wait", "--json", "--seed", "7"],
    ["wait", "00000000-0000-4000-8000-000000000000", "--json"],
    ["jobs", "x", "--json"],
    ["nonsense", "--json"],
    ["upload", "no.png", "--json"],
)
# Members of the command line's JSON that are for people.
_WORDS = {"message", "hint", "summary", "description", "body", "details"}


def problems(found: Any) -> list[Any]:
    return [
        [
            p.path,
            p.parameter,
            p.rule,
            repr(p.limit),
            p.advice and [p.advice.action, p.advice.subject],
        ]
        for p in found
    ]


def told(error: BaseException) -> list[Any]:
    advice = getattr(error, "advice", None)
    return [
        type(error).__name__,
        advice and advice.action,
        getattr(error, "status", None),
        getattr(error, "resubmit", None),
        problems(getattr(error, "problems", ())),
    ]


def checks() -> list[Any]:
    reports = [fluxframe.check(request) for request in REQUESTS]
    return [[problems(r.problems), problems(r.advisories)] for r in reports]


def calls() -> list[Any]:
    found: list[Any] = []
    server = TinyServer(before=lambda call: ANSWERS.get(call.body.get("prompt", "")))
    with server.client() as client:
        client = client.with_options(max_retries=0)
        for prompt in [*ANSWERS, *FAILURES]:
            try:
                job = client.images.run({**GOOD, "prompt": prompt}, interval=0.01)
                found.append([prompt, job.status])
            except FluxframeError as error:
                found.append([prompt, *told(error)])
    return found


ANSWERS = {
    f"status-{status}": (status, {"error": "no", "details": {"fluxParams.width": ["x"]}})
    for status in (302, 400, 401, 402, 403, 404, 409, 429, 500, 503)
}


def batches(folder: Path) -> list[Any]:
    found: list[Any] = []
    for number, resubmit in enumerate((0, 2)):
        server = TinyServer()
        rows = [{**GOOD, "prompt": p} for p in ("lack1-a", "lack9-b", "fail-c", "bad-d", "e")]
        rows.append({**GOOD, "width": 1})
        journal = folder / f"{number}.jsonl"
        with server.client() as client:
            options: dict[str, Any] = {"journal": journal, "out": None, "interval": 0.01}
            summary = client.batch.run(rows, resubmit=resubmit, **options)
            again = client.batch.run(rows, resubmit=resubmit, retry_failed=True, **options)
        entries = [json.loads(line) for line in summary.manifest.read_text().splitlines()]
        found.append([summary.completed, summary.failed, summary.refused, summary.unknown])
        found.append([again.completed, again.failed, again.refused, again.unknown])
        found.append([[entry["row"], entry["status"], entry["credits"]] for entry in entries])
        found.append(sorted(server.made.items()))
    return found


def commands() -> list[Any]:
    found: list[Any] = []
    with Emulator(job_seconds=0) as emulator:
        environment = {"APIFRAME_BASE_URL": emulator.url, "APIFRAME_API_KEY": "afk_x" * 3}
        for words in COMMANDS:
            done = CliRunner(env=environment).invoke(cli, words)
            lines = [line for line in done.stdout.splitlines() if line.strip()]
            shown = json.loads(done.stdout) if len(lines) != 1 else json.loads(lines[0])
            found.append([words[0], done.exit_code, shape(shown)])
    return found


def shape(value: Any) -> Any:
    """JSON without what is for people, and without what differs from run to run."""
    if isinstance(value, dict):
        return {k: shape(v) for k, v in value.items() if k not in {*_WORDS, "job", "request_id"}}
    return [shape(item) for item in value] if isinstance(value, list) else value


if __name__ == "__main__":
    fluxframe.batch._gate._FIRST_PAUSE = 0.01  # What is decided takes no longer pauses.
    with tempfile.TemporaryDirectory() as folder:
        decided = [checks(), calls(), batches(Path(folder)), commands()]
    print(json.dumps(decided, indent=1, default=str))
