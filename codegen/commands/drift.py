"""`drift`: where another OpenAPI document and the spec disagree."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from http.client import HTTPException
from pathlib import Path
from urllib import error, request

from ..compare.documents import DocumentError, parse
from ..compare.drift import drift
from ..compare.findings import Finding
from ..compare.report import as_markdown, as_text
from ..shown import line
from ..spec.diagnostics import nearest
from ..spec.load import load

LARGEST = 32 * 1024 * 1024
SECONDS = 30.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what to compare with, and how to show it."""
    parser.add_argument("document", metavar="OPENAPI", help="a file, or an http or https URL")
    parser.add_argument(
        "--as",
        dest="source",
        default="oas",
        metavar="SOURCE",
        help="the source that the document is: what is on record of it is not news (%(default)s)",
    )
    parser.add_argument("--format", choices=("text", "json", "markdown"), default="text")
    parser.add_argument("--all", action="store_true", help="also what agrees, and what is known")


def run(options: argparse.Namespace) -> int:
    """Show what disagrees; the exit status is 1 for news, and 2 if the document can't be read."""
    spec = load(options.spec)
    try:
        if options.source not in spec.sources:
            hint = nearest(options.source, spec.sources)
            raise DocumentError(f"there is no source `{options.source}`; {hint}")
        document = parse(options.document, _bytes(options.document))
        found = drift(document, spec, options.source)
    except DocumentError as problem:
        print(f"codegen drift: {line(str(problem))}", file=sys.stderr)
        return 2
    shown = [finding for finding in found if finding.news or options.all]
    counts = _counts(found)
    if options.format == "json":
        findings = [finding.as_json() for finding in shown]
        print(json.dumps({"findings": findings, "summary": counts}, indent=2))
    else:
        show = as_text if options.format == "text" else as_markdown
        summary = "{agree} agree, {known} known, {news} news".format(**counts)
        print(*show(shown, options.source), summary, sep="\n")
    return 1 if counts["news"] else 0


def _bytes(name: str) -> bytes:
    """What is in a file or at a URL. Raises DocumentError if it can't be had."""
    scheme = name.partition("://")[0].lower() if "://" in name else ""
    if scheme not in ("", "http", "https"):
        raise DocumentError(f"{name}: only http and https are fetched")
    try:
        with _opener().open(name, timeout=SECONDS) if scheme else Path(name).open("rb") as stream:
            data: bytes = stream.read(LARGEST + 1)
    except error.HTTPError as answer:
        with answer:
            raise DocumentError(f"{name} answered {answer.code} {answer.reason}") from None
    except (OSError, HTTPException, ValueError) as problem:
        reason = getattr(problem, "strerror", None) or getattr(problem, "reason", None) or problem
        raise DocumentError(f"{name} can't be read: {reason}") from None
    if len(data) > LARGEST:
        raise DocumentError(f"{name} is larger than {LARGEST // 1024**2} MB")
    return data


def _opener() -> request.OpenerDirector:
    """An opener that knows http and https, also where a redirection leads."""
    opener = request.OpenerDirector()
    for handler in (
        request.ProxyHandler,
        request.UnknownHandler,
        request.HTTPHandler,
        request.HTTPSHandler,
        request.HTTPDefaultErrorHandler,
        request.HTTPRedirectHandler,
        request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


def _counts(found: Sequence[Finding]) -> dict[str, int]:
    news = sum(finding.news for finding in found)
    known = sum(finding.known for finding in found)
    return {"agree": len(found) - known - news, "known": known, "news": news}
