"""No decision of the package hangs on its wording: with every sentence reworded, all stay."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fluxframe

PACKAGE = Path(fluxframe.__file__).parent
ROOT = Path(__file__).resolve().parents[1]
WORD = re.compile(r"%\(\w+\)s|(?<![%\w\\{.])[^\W\d_]{2,}")


class Rewording(ast.NodeTransformer):
    """Gives each text of two words or more other words."""

    def __init__(self) -> None:
        self.count = 0

    def visit_Call(self, node: ast.Call) -> ast.AST:
        function = ast.unparse(node.func)
        # Patterns, formats of struct and time, and lists of names are not for people.
        if function.startswith("re.") or function.endswith((".split", ".strftime", "_compile")):
            return node
        return self.generic_visit(node)

    def visit_FormattedValue(self, node: ast.FormattedValue) -> ast.AST:
        node.value = self.visit(node.value)  # What follows the colon is a format.
        return node

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        text = node.value
        if not isinstance(text, str) or " " not in text or re.search(r"\[|\\|\(\?", text):
            return node
        self.count += 1
        other = WORD.sub(lambda m: m[0] if m[0][0] == "%" else f"{m[0][::-1]}q", text)
        return ast.copy_location(ast.Constant(other), node)


def decisions(folder: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.decisions"],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=100,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def test_no_decision_hangs_on_wording(tmp_path: Path) -> None:
    other = tmp_path / PACKAGE.name
    shutil.copytree(PACKAGE, other, ignore=shutil.ignore_patterns("__pycache__"))
    count = 0
    for path in other.rglob("*.py"):
        source = path.read_text(encoding="utf-8")
        if "execute(" in source or path.name == "statements.py":  # Its texts are SQL.
            continue
        rewording = Rewording()
        tree = rewording.visit(ast.parse(source))
        path.write_text(ast.unparse(tree), encoding="utf-8")
        count += rewording.count
    assert count > 500
    with ThreadPoolExecutor(2) as pool:
        as_it_is, reworded = pool.map(decisions, [PACKAGE.parent, tmp_path])
    assert json.loads(reworded) == json.loads(as_it_is)
