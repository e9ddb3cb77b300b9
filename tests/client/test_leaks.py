"""The watch over all tests, which must be able to fail: each planted leak is found."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import fluxframe

ROOT = Path(__file__).resolve().parents[2]
KEY = "afk_0123456789abcdef"

BEGIN = f'''
import logging
from fluxframe import *
from fluxframe._jobs import JobBase
from fluxframe._wire.transport import BaseTransport

KEY = "{KEY}"

info = logging.getLogger("anything").info
debug = logging.getLogger("fluxframe").debug
'''
TEST = """
def test_{number}(monkeypatch):
    monkeypatch.setattr("fluxframe._redact.without_key", lambda text: text)
    client = Fluxframe(api_key=KEY)
    {body}
"""
LEAKS = {
    "a log": ("info('it is ' + KEY)", "a record of the logger anything"),
    "an argument of a log": ("debug('%s', [KEY])", "a record of the logger fluxframe"),
    "a log with an exception": (
        "try:\n        raise ValueError(KEY)\n    except ValueError:\n        debug('no', exc_info=True)",
        "a record of the logger fluxframe",
    ),
    "a log with the cause of an exception": (
        "try:\n        raise ValueError('no') from OSError(KEY)\n"
        "    except ValueError:\n        debug('no', exc_info=True)",
        "a record of the logger fluxframe",
    ),
    "an error": ("APIError('it is ' + KEY)", "the text of APIError"),
    "an error of several": ("JobTimeoutError(KEY, None)", "the text of JobTimeoutError"),
    "an error's body": (
        "APIStatusError('no', status=400, body={'key': KEY})",
        "an attribute of APIStatusError",
    ),
    "an error's note": ("APIError('no').add_note(KEY)", "an attribute of APIError"),
    "an attribute set late": ("APIError('no').request_id = KEY", "an attribute of APIError"),
    "an error's cause": (
        "try:\n        raise ValueError(KEY)\n"
        "    except ValueError as e:\n        error = APIError('no')\n        error.__cause__ = e",
        "the text of ValueError, in APIError",
    ),
    "the repr of a client": (
        "monkeypatch.setattr(Fluxframe, '__repr__', lambda self: KEY)\n    Fluxframe(api_key=KEY)",
        "the repr of Fluxframe",
    ),
    "the repr of another client": (
        "monkeypatch.setattr(Fluxframe, '__repr__', lambda self: KEY)\n"
        "    client.with_options(timeout=1)",
        "the repr of Fluxframe",
    ),
    "the repr of a transport": (
        "monkeypatch.setattr(BaseTransport, '__repr__', lambda self: self.settings.api_key.reveal())\n"
        "    AsyncFluxframe(api_key=KEY)",
        "the repr of AsyncTransport",
    ),
    "the repr of a job": ("Job(None, {'id': KEY})", "the repr of Job"),
    "the repr of a picture": (
        "AsyncImage(None, 'https://x/' + KEY, job_id='a', index=0)",
        "the repr of AsyncImage",
    ),
    "the repr of an answer": ("Response(KEY, {}, b'', None, 1, 0.0)", "the repr of Response"),
}
FINE = {
    "no key": "info('it is well'); APIError('no'); Job(None, {'id': 'a'})",
    "a key that is too short": "Fluxframe(api_key='afk_123'); info('afk_123')",
    "a key of no client": "info('afk_fedcba98765')",
}


def outcome(tmp_path: Path, bodies: Iterable[str]) -> tuple[int, str]:
    """What comes of tests under the watch."""
    tests = [TEST.format(number=i, body=body) for i, body in enumerate(bodies)]
    path = tmp_path / "test_planted.py"
    path.write_text(BEGIN + "".join(tests), encoding="utf-8")
    package = Path(fluxframe.__file__).parents[1]
    arguments = ["-q", "-n", "0", "-p", "tests.conftest", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *arguments, f"--rootdir={tmp_path}", path],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(package), str(ROOT)])},
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def test_each_planted_leak_is_found(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, [leak for leak, _ in LEAKS.values()])
    assert code == 1, output
    for number, (_, where) in enumerate(LEAKS.values()):
        _, found, told = output.partition(f"ERROR at teardown of test_{number} ")
        assert found, output
        shown = told.splitlines()[1]
        assert shown.startswith("an API key is shown in ")
        assert where in shown
    assert f"{len(LEAKS)} errors" in output.splitlines()[-1]


def test_nothing_is_found_where_nothing_leaks(tmp_path: Path) -> None:
    code, output = outcome(tmp_path, FINE.values())
    assert code == 0, output
