# A copy of codegen/runtime/emulator/_options.py, where it is edited.
"""What is wrong with an option of the emulator, as data."""

from __future__ import annotations


class OptionError(ValueError):
    """An option that can't be.

    Args:
        option: Its name, as `Emulator` takes it.
        problem: What is wrong with its value.
        is_placed: Whether the problem says itself where it is, such as in which line of a file.
    """

    def __init__(self, option: str, problem: str, *, is_placed: bool = False) -> None:
        super().__init__(problem if is_placed else f"{option}: {problem}")
        self.option = option
        self.problem = problem

    def __reduce__(self) -> tuple[object, ...]:
        return _again, (self.option, self.problem, str(self))


def _again(option: str, problem: str, text: str) -> OptionError:
    return OptionError(option, problem, is_placed=text == problem)
