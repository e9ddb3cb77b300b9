"""For `nox -s audit`: licences and known vulnerabilities of all that is installed with the package and its extras.

Which licences are allowed is in pyproject.toml. Fails on any other, and on a vulnerability; where the service that
knows of these can't be asked, it says so.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def licences(python: Path) -> int:
    """Print the licences of an environment; the exit status is 1 if one is not allowed."""
    words = [sys.executable, "-m", "piplicenses", "--python", str(python), "--order=license"]
    return subprocess.run(words, cwd=ROOT, check=False).returncode


def vulnerabilities(packages: Path) -> int:
    """Print what is known of the packages in a folder; the exit status is 1 if one is vulnerable."""
    words: list[str | Path] = [
        sys.executable,
        "-m",
        "pip_audit",
        "--path",
        packages,
        "--format",
        "json",
    ]
    done = subprocess.run(
        [*words, "--progress-spinner", "off", "--timeout", "10"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    try:
        all_of_them = json.loads(done.stdout)["dependencies"]
    except ValueError:  # It gave up at the first that it asked for.
        last = done.stderr.strip().splitlines()[-1:] or [f"exit status {done.returncode}"]
        print(f"vulnerabilities: NOT KNOWN, the service could not be asked: {last[0]}")
        return 0
    found = [each for each in all_of_them if each["name"] != "fluxframe"]
    for each in found:
        for bug in each.get("vulns", ()):
            fixed = ", ".join(bug["fix_versions"]) or "no version"
            print(f"{each['name']} {each['version']}: {bug['id']}, fixed in {fixed}")
    if skipped := [each["name"] for each in found if "skip_reason" in each]:
        print(f"vulnerabilities: NOT KNOWN of {len(skipped)} of {len(found)} packages,")
        print(f"which the service does not answer for: {', '.join(sorted(skipped))}")
    else:
        print(f"vulnerabilities: those above, of {len(found)} packages that were asked about")
    return int(any(each.get("vulns") for each in found))


def main() -> int:
    """Look at an environment that has nothing else; the exit status is 1 if something is wrong."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["uv", "venv", "--quiet", folder], check=True)
        (python,) = (path for path in Path(folder).glob("[bS]*/python*") if path.stem == "python")
        install: list[str | Path] = [
            "uv",
            "pip",
            "install",
            "--quiet",
            "--python",
            python,
            f"{ROOT}[all,httpx2]",
        ]
        subprocess.run(install, check=True)
        (packages,) = (path.parent for path in Path(folder).rglob("fluxframe-*.dist-info"))
        return max(licences(python), vulnerabilities(packages))


if __name__ == "__main__":
    sys.exit(main())
