"""`new-model`: begin the file of a model, from its page, from an OpenAPI document or from nothing."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from ..compare.documents import DocumentError
from ..page.compose import ModelText, model_scaffold
from ..page.imported import imported as page_imported
from ..publishing import publish, shown
from ..spec import pieces
from ..spec.pieces import RefusalError


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the model, and what to read."""
    parser.add_argument(
        "id", metavar="ID", nargs="?", help="the model's id, such as some-model-2; not with --all"
    )
    read_from = parser.add_mutually_exclusive_group()
    read_from.add_argument(
        "--from-page",
        type=Path,
        metavar="FILE",
        help="its documentation page as text, Markdown or HTML",
    )
    read_from.add_argument(
        "--from-openapi",
        type=Path,
        metavar="FILE",
        help="an OpenAPI 3 document, JSON or YAML, that has a request for it",
    )
    parser.add_argument(
        "--family", help="the family it belongs to; a page or a document tells it otherwise"
    )
    parser.add_argument("--title", help="its title, where the page or the document has none")
    parser.add_argument(
        "--stdout", action="store_true", help="print the file instead of writing it"
    )
    document = parser.add_argument_group("with --from-openapi")
    document.add_argument(
        "--all", action="store_true", help="every model of the document that the spec lacks"
    )
    document.add_argument("--operation", metavar="PATH", help="only bodies of this operation")
    document.add_argument(
        "--prefix", default="", help="what ids have before the name that the document has"
    )
    document.add_argument(
        "--source", metavar="ID", help="which source of sources.yaml the document is"
    )


def run(options: argparse.Namespace) -> int:
    """Write `models/FAMILY/ID.yaml` and list what a person must still do; 1 on a refusal."""
    try:
        publish(_files(options), options)
    except (RefusalError, DocumentError, OSError) as error:
        print(f"codegen new-model: {error}", file=sys.stderr)
        return 1
    return 0


def _files(options: argparse.Namespace) -> dict[Path, ModelText]:
    """The files by their paths. Raises RefusalError if one can't be begun."""
    if options.from_openapi is None and (options.all or options.operation or options.prefix):
        raise RefusalError("--all, --operation and --prefix need --from-openapi FILE")
    if (options.id is None) != options.all:
        raise RefusalError("say either the model's ID or --all")
    id: str = options.id or ""
    if not options.all:
        pieces.check_id(id)
    if options.from_openapi is not None:
        from ..bodies.imported import imported

        files, nameless = imported(options)
        for operation in nameless:
            print(f"{operation} names no model in its requests", file=sys.stderr)
        return files
    if not options.stdout:
        _refuse_existing(options.spec, id)
    if options.from_page is None:
        family = pieces.family(options.spec, options.family or _only_family(options.spec))
        text = model_scaffold(id, options.title, family)
    else:
        said = (id, options.title, options.family)
        family, text = page_imported(options.from_page, options.spec, *said)
    return {shown(options.spec / "models" / family.id / f"{id}.yaml"): text}


def _refuse_existing(folder: Path, id: str) -> None:
    """Raises RefusalError if some family has the model already."""
    for family in sorted((folder / "models").glob("*/")):
        path = family / f"{id}.yaml"
        if os.path.lexists(path):
            raise RefusalError(f"{shown(path)} exists already, and is left as it is")


def _only_family(folder: Path) -> str:
    """The family that is meant where there is no other."""
    names = sorted(path.stem for path in (folder / "families").glob("*.yaml"))
    if len(names) == 1:
        return names[0]
    listed = ", ".join(f"`{name}`" for name in names)
    raise RefusalError(f"say which family it belongs to with --family: one of {listed}")
