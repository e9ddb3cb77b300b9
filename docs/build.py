"""Makes the site of the documentation, in build/site, and checks it: `python -m docs.build`.

With `--serve` it is shown on this machine as well, and follows changes of the pages, until Ctrl-C.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

from .building import catalogue, links, pictures
from .building.staging import Stage, StagingError, copy, write

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PAGES = BUILD / "docs"
SITE = BUILD / "site"
CONFIG = BUILD / "zensical.toml"
# Of a warning in strict mode a traceback would follow.
ZENSICAL = [
    *(sys.executable, "-c"),
    "import sys; sys.tracebacklimit = 0; from zensical.__main__ import cli; cli()",
]


def addresses() -> tuple[str, str]:
    """Where the site and the repository are published, of pyproject.toml."""
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    return urls["Documentation"], urls["Source"]


def stage(drawn: dict[tuple[str, str], pictures.Picture]) -> None:
    """Lay out what the site is made of. Raises StagingError."""
    _, repository = addresses()
    copy(ROOT / "docs/zensical.toml", CONFIG)
    for picture in drawn.values():
        copy(picture.path, PAGES / "images" / picture.path.name)
    pages = Stage(ROOT, repository=repository)
    write(PAGES / "reference" / catalogue.NAVIGATION, catalogue.navigation(pages.places.values()))
    pages.write(PAGES, drawn, catalogue.completed)


def build() -> dict[tuple[str, str], pictures.Picture]:
    """Make the site anew; returns its pictures. Raises StagingError, PictureError or CalledProcessError."""
    for folder in (PAGES, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    drawn = pictures.draw(BUILD / "pictures")
    stage(drawn)
    subprocess.run([*ZENSICAL, "build", "--strict", "--clean", "-f", CONFIG], check=True)
    return drawn


def checked() -> int:
    """Say which links of the site lead nowhere; returns the exit status."""
    address, repository = addresses()
    found = links.check(SITE, address=address, repository=repository, tree=ROOT)
    print(f"{found.count} links; not tried, as they are of other hosts:")
    print("\n".join(f"  {link}" for link in sorted(found.elsewhere)))
    print("\n".join(found.broken), file=sys.stderr)
    print(f"{len(found.broken)} broken links. The site: {SITE / 'index.html'}")
    return 1 if found.broken else 0


def serve(port: int, again: Callable[[], None]) -> None:
    """Show the site, and stage pages again as they change, until Ctrl-C."""
    server = subprocess.Popen([*ZENSICAL, "serve", "-f", CONFIG, "-a", f"localhost:{port}"])
    seen = _state()
    try:
        while server.poll() is None:
            time.sleep(0.5)
            if (now := _state()) != seen:
                seen = now
                again()
    except KeyboardInterrupt:
        print("Stopped.")
    finally:
        server.terminate()
        server.wait()


def _state() -> dict[Path, float]:
    """When each file was changed that the site is made of."""
    folders = (ROOT / "docs", ROOT / "generated" / "reference")
    paths = [path for folder in folders for path in folder.rglob("*") if path.is_file()]
    return {path: path.stat().st_mtime for path in paths}


def main() -> int:
    """Make the site; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m docs.build", description=__doc__)
    parser.add_argument("--serve", action="store_true", help="show it on this machine")
    parser.add_argument("--port", type=int, default=8000, help="where it is shown: %(default)s")
    options = parser.parse_args()
    try:
        drawn = build()
        status = checked()
    except (StagingError, pictures.PictureError) as error:
        print(error, file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"zensical ended with status {error.returncode}", file=sys.stderr)
        return 1
    if options.serve:

        def again() -> None:
            try:
                stage(drawn)
            except StagingError as error:
                print(error, file=sys.stderr)

        serve(options.port, again)
    return status


if __name__ == "__main__":
    sys.exit(main())
