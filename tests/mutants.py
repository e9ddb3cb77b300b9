"""How many small faults put into the code do its tests notice? `nox -s mutants -- --seed 7`.

A sample of mutants, each one comparison, condition, return or raise changed: on each run the tests
that pass through the changed line. A survivor is a line that may say something else and no test
minds.
"""

from __future__ import annotations

import argparse
import ast
import hashlib
import os
import random
import re
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

HERE = Path(__file__).resolve().parents[1]
RUNTIME = "codegen/runtime/"
# Where the runtime is run, a line lower: each copy has a first line.
COPIES = "generated/fluxframe/"
KEPT = HERE / ".nox" / "mutants-coverage"
TREE = [
    "codegen", "generated", "spec", "tests", "docs",
    "pyproject.toml", "noxfile.py", "README.md", "CHANGELOG.md", "LICENSE",
]  # fmt: skip
READINGS = "tests/codegen/test_readings.py"
ALONE = ("-x", "-n0", "-p", "no:randomly", "--hypothesis-seed=0")
# Seconds for the tests of one mutant, and bytes: one that makes a loop endless is noticed by that.
LIMIT = 900
MEMORY = 6 * 2**30


def area(path: str) -> str | None:
    """The part of the project that a source file belongs to; None for one that is not sampled."""
    if not path.startswith("codegen/") or path.endswith("__init__.py"):
        return None
    room = path.removeprefix(RUNTIME).split("/")[0] if path.startswith(RUNTIME) else "generator"
    return room if room in ("batch", "cli", "emulator", "generator") else "client"


@dataclass(frozen=True, kw_only=True)
class Mutant:
    path: str
    line: int
    span: tuple[int, int]  # Of the source, in characters.
    kind: str
    before: str
    after: str

    def __str__(self) -> str:
        def short(text: str) -> str:
            return " ".join(text.split())[:70]

        return f"{self.path}:{self.line} {self.kind}: {short(self.before)} -> {short(self.after)}"

    @property
    def run_as(self) -> tuple[str, int]:
        """The file and line that the tests pass through."""
        if self.path.startswith(RUNTIME):
            return COPIES + self.path.removeprefix(RUNTIME), self.line + 1
        return self.path, self.line


# The neighbour that a slip of the hand would write.
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip


class Finder(ast.NodeVisitor):
    """Every mutant of one source file."""

    def __init__(self, path: str, source: str) -> None:
        self.path, self.source = path, source
        self.found: list[Mutant] = []
        self._starts = [0]
        for line in source.encode().splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._bytes = source.encode()
        self.visit(ast.parse(source))

    def _add(self, kind: str, node: ast.expr | ast.stmt, after: str) -> None:
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        first = self._starts[node.lineno - 1] + node.col_offset
        last = self._starts[node.end_lineno - 1] + node.end_col_offset
        before = self._bytes[first:last].decode()
        self.found.append(
            Mutant(path=self.path, line=node.lineno, span=(first, last), kind=kind,
                   before=before, after=after)
        )  # fmt: skip

    def _text(self, node: ast.expr) -> str:
        return ast.get_source_segment(self.source, node) or ""

    def _condition(self, test: ast.expr) -> None:
        if self._text(test) != "TYPE_CHECKING":
            self._add("condition", test, f"(not ({self._text(test)}))")

    def visit_If(self, node: ast.If) -> None:
        if self._text(node.test) != "TYPE_CHECKING":
            self._condition(node.test)
            self.generic_visit(node)

    def visit_IfExp(self, node: ast.IfExp) -> None:
        self._condition(node.test)
        self.generic_visit(node)

    def visit_Compare(self, node: ast.Compare) -> None:
        if len(node.ops) == 1:
            left, right = self._text(node.left), self._text(node.comparators[0])
            self._add("comparison", node, f"({left} {COMPARISONS[type(node.ops[0])]} {right})")
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        other = " or " if isinstance(node.op, ast.And) else " and "
        self._add("condition", node, f"({other.join(f'({self._text(v)})' for v in node.values)})")
        self.generic_visit(node)

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and self._text(node.value) != "None":
            self._add("return", node, "return None")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self._add("raise", node, "pass")
        self.generic_visit(node)


def mutants(areas: Sequence[str]) -> Iterator[Mutant]:
    for file in sorted((HERE / "codegen").rglob("*.py")):
        path = file.relative_to(HERE).as_posix()
        if area(path) in areas:
            yield from Finder(path, file.read_text("utf-8")).found


def sample(areas: Sequence[str], count: int, chance: random.Random) -> list[Mutant]:
    """As many of each area and kind, as far as they go."""
    boxes: dict[tuple[str | None, str], list[Mutant]] = {}
    for mutant in mutants(areas):
        boxes.setdefault((area(mutant.path), mutant.kind), []).append(mutant)
    for box in boxes.values():
        chance.shuffle(box)
    order = list(boxes.values())
    chance.shuffle(order)
    chosen: list[Mutant] = []
    while len(chosen) < count and any(order):
        chosen += [box.pop() for box in order if box][: count - len(chosen)]
    return chosen


def copy_tree(to: Path) -> None:
    for name in TREE:
        if (HERE / name).is_dir():
            shutil.copytree(HERE / name, to / name, ignore=shutil.ignore_patterns("__pycache__"))
        elif (HERE / name).exists():
            shutil.copy2(HERE / name, to / name)


def pytest(tree: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join([str(tree / "generated"), str(tree)])
    # No compiled file is believed, as two mutants of one file may have its size and its second.
    environment["PYTHONDONTWRITEBYTECODE"] = "1"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
    return subprocess.run(
        command, cwd=tree, env=environment, capture_output=True, text=True, errors="replace",
        timeout=LIMIT, preexec_fn=_bound,
    )  # fmt: skip


def _bound() -> None:
    """A mutant that grows without end must not take the whole machine."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def contexts() -> Path:
    """Which test passes through which line: made once a state of the tree, then kept."""
    digest = hashlib.sha256()
    for name in ("codegen", "tests", "spec"):
        for file in sorted((HERE / name).rglob("*")):
            if file.is_file() and file.suffix not in (".pyc", "") and file != Path(__file__):
                digest.update(file.read_bytes())
    kept = KEPT / f"{digest.hexdigest()[:16]}.sqlite"
    if kept.exists():
        return kept
    print("looking which test passes through which line (some minutes)", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_tree(tree)
        (tree / ".coveragerc").write_text("[run]\nrelative_files = true\n")
        sources = ["--cov=generated/fluxframe", "--cov=codegen"]
        ended = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *sources,
             "--cov-context=test", "--cov-report="],
            cwd=tree, capture_output=True, text=True,
            env={**os.environ, "PYTHONPATH": f"{tree / 'generated'}{os.pathsep}{tree}"},
        )  # fmt: skip
        if ended.returncode not in (0, 1) or not (tree / ".coverage").exists():
            sys.exit(f"the tests could not be run:\n{ended.stdout[-2000:]}{ended.stderr[-2000:]}")
        print(ended.stdout.splitlines()[-1], flush=True)
        KEPT.mkdir(parents=True, exist_ok=True)
        shutil.move(tree / ".coverage", kept)
    return kept


def tests_of(mutant: Mutant, data: Path) -> list[str]:
    """The tests that pass through its line; those first that pass through few lines else."""
    from coverage.numbits import register_sqlite_functions

    path, line = mutant.run_as
    connection = sqlite3.connect(data)
    register_sqlite_functions(connection)
    rows = connection.execute(
        "select context.context, (select count(*) from line_bits other "
        " where other.context_id = context.id) from line_bits"
        " join file on file.id = line_bits.file_id"
        " join context on context.id = line_bits.context_id"
        " where file.path = ? and num_in_numbits(?, line_bits.numbits) and context.context != ''"
        " order by 2",
        (path, line),
    ).fetchall()
    connection.close()
    found = dict.fromkeys(context.rpartition("|")[0] for context, _ in rows)
    # It makes a package of its own of the runtime, which is not looked at.
    return [*found, READINGS] if path.startswith(COPIES) and found else list(found)


def judged(mutant: Mutant, tree: Path, data: Path) -> str:
    """What noticed it, or an empty text."""
    tests = tests_of(mutant, data)
    if not tests:  # Reached by no test in its own process: those of its room run in others.
        room = area(mutant.path)
        tests = ["tests/codegen" if room == "generator" else f"tests/{room}"]
    places = [mutant.path, mutant.run_as[0]]
    original = {place: (tree / place).read_bytes() for place in places}
    source = original[mutant.path]
    first, last = mutant.span
    changed = source[:first] + mutant.after.encode() + source[last:]
    try:
        for place in set(places):
            heading = original[place][: len(original[place]) - len(source)]
            (tree / place).write_bytes(heading + changed)
        return _noticed(tree, tests)
    except subprocess.TimeoutExpired:
        return f"no end within {LIMIT} s"
    finally:
        for place, text in original.items():
            (tree / place).write_bytes(text)


def _noticed(tree: Path, tests: list[str]) -> str:
    """The first test that fails, and fails again: a slow machine makes some fail once."""
    listed = tree / "tests-of-mutant"
    passed_over: list[str] = []
    while True:
        listed.write_text("\n".join(tests))
        skipped = [f"--deselect={test}" for test in passed_over]
        ended = pytest(tree, *ALONE, *skipped, f"@{listed}")
        if ended.returncode in (0, 5):  # 5: no test was left.
            return ""
        if ended.returncode == 4:  # Some are made by others, and can't be run by themselves.
            gone = re.findall(r"^ERROR: not found: .*?/(tests/[^\[]*)", ended.stderr, re.MULTILINE)
            if not gone:
                raise RuntimeError(ended.stdout[-500:] + ended.stderr[-500:])
            tests = [test for test in tests if test.partition("[")[0] not in gone]
            continue
        failed = re.search(r"^(?:FAILED|ERROR) (tests/.*?)(?: - .*)?$", ended.stdout, re.MULTILINE)
        if failed is None:
            return ((ended.stderr or ended.stdout).strip().splitlines() or ["?"])[-1][:150]
        if len(passed_over) == 3 or pytest(tree, *ALONE, failed[1]).returncode != 0:
            return failed[0][:150]
        passed_over.append(failed[1])


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--count", type=int, default=57)
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    every = ["client", "batch", "cli", "emulator", "generator"]
    parser.add_argument("--area", action="append", choices=every)
    parser.add_argument("--only", help="the mutants of one file or line: PATH or PATH:LINE")
    options = parser.parse_args()
    areas = options.area or every
    if options.only:
        chosen = [
            mutant
            for mutant in mutants(every)
            if options.only in (mutant.path, f"{mutant.path}:{mutant.line}")
        ]
    else:
        chosen = sample(areas, options.count, random.Random(options.seed))
        print(f"seed {options.seed}: {len(chosen)} mutants of {', '.join(areas)}", flush=True)
    data = contexts()
    survivors: list[Mutant] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(options.jobs) as pool:
        trees: SimpleQueue[Path] = SimpleQueue()
        for number in range(options.jobs):
            copy_tree(Path(folder) / str(number))
            trees.put(Path(folder) / str(number))

        def judge(mutant: Mutant) -> None:
            tree = trees.get()
            began = time.monotonic()
            try:
                noticed = judged(mutant, tree, data)
            finally:
                trees.put(tree)
            if not noticed:
                survivors.append(mutant)
            seconds = time.monotonic() - began
            print(f"{'noticed ' if noticed else 'SURVIVED'} {seconds:4.0f} s {mutant}", flush=True)
            if noticed:
                print(f"                {noticed}", flush=True)

        list(pool.map(judge, chosen))
    share = 1 - len(survivors) / max(1, len(chosen))
    print(f"{share:.0%} of {len(chosen)} mutants noticed, seed {options.seed}")
    for mutant in survivors:
        print(f"  survived: {mutant}")
    return 1 if share < 0.95 else 0


if __name__ == "__main__":
    sys.exit(main())
