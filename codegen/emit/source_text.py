"""Plain values as source of Python, JavaScript and JSON, on as many lines as a formatter would give them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping

from ..naming import literal, printable

# Columns, which formatters of each language have by default.
PYTHON_WIDTH = 88
JAVASCRIPT_WIDTH = 80
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_NAMES_OF_PYTHON = {True: "True", False: "False", None: "None"}


def python_call(name: str, arguments: Mapping[str, str], indent: int, before: int) -> str:
    """A call with arguments that are source already; it begins in the column `before`."""
    line = f"{name}({', '.join(f'{key}={value}' for key, value in arguments.items())})"
    if "\n" not in line and before + len(line) <= PYTHON_WIDTH:
        return line
    inner = " " * (indent + 4)
    lines = (f"{inner}{key}={value},\n" for key, value in arguments.items())
    return f"{name}(\n{''.join(lines)}{' ' * indent})"


def python(value: object, indent: int, before: int) -> str:
    """A value; `before` is the column that it begins in, `indent` that of its line."""
    if isinstance(value, str):
        return _python_text(value, indent, before)
    line = _python_line(value)
    if before + len(line) < PYTHON_WIDTH or not isinstance(value, dict | list) or not value:
        return line  # With a comma after it.
    if isinstance(value, list):
        items = (python(item, indent + 4, indent + 4) for item in value)
        return _many("[]", items, indent, 4, last=",")
    members = (_python_member(key, inner, indent + 4) for key, inner in value.items())
    return _many("{}", members, indent, 4, last=",")


def _python_member(key: str, value: object, indent: int) -> str:
    named = f"{_quoted(key, literal)}: "
    return named + python(value, indent, indent + len(named))


def _python_line(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value, literal)
    if isinstance(value, dict):
        members = (f"{_python_line(key)}: {_python_line(inner)}" for key, inner in value.items())
        return f"{{{', '.join(members)}}}"
    if isinstance(value, list):
        return f"[{', '.join(map(_python_line, value))}]"
    if value is None or isinstance(value, bool):
        return _NAMES_OF_PYTHON[value]
    return repr(value)


def _python_text(text: str, indent: int, before: int) -> str:
    """A text, in pieces that are joined where it is too long for a line."""
    line = _quoted(text, literal)
    if before + len(line) < PYTHON_WIDTH:
        return line
    inner = indent + 4
    pieces = "".join(
        f"{' ' * inner}{_quoted(piece, literal)}\n" for piece in _pieces(text, PYTHON_WIDTH - inner)
    )
    return f"(\n{pieces}{' ' * indent})"


def _pieces(text: str, width: int) -> Iterator[str]:
    """The text cut after spaces, or anywhere if there are none, so that literals of it fit a width."""
    piece = ""
    for word in re.findall(r"\S*\s+|\S+", text):
        rest = word
        if piece and len(_quoted(piece + rest, literal)) > width:
            yield piece
            piece = ""
        while len(_quoted(rest, literal)) > width:
            most = next(n for n in range(width, 0, -1) if len(_quoted(rest[:n], literal)) <= width)
            yield rest[:most]
            rest = rest[most:]
        piece += rest
    if piece:
        yield piece


def javascript(value: object, indent: int = 0, before: int = 0, *, whole: bool = True) -> str:
    """A value as Prettier would write it; a mapping that is `whole` has a line for each member."""
    line = _javascript_line(value)
    is_long = before + len(line) + 1 > JAVASCRIPT_WIDTH
    if not isinstance(value, dict | list) or not value or not (whole or is_long):
        return line
    inner = indent + 2
    if isinstance(value, list):
        items = (javascript(item, inner, inner, whole=False) for item in value)
        return _many("[]", items, indent, 2, last=",")
    members = (_javascript_member(key, each, inner) for key, each in value.items())
    return _many("{}", members, indent, 2, last=",")


def _javascript_member(key: str, value: object, indent: int) -> str:
    named = f"{javascript_key(key)}: "
    source = javascript(value, indent, indent + len(named), whole=False)
    if isinstance(value, str) and indent + len(named) + len(source) + 1 > JAVASCRIPT_WIDTH:
        return f"{named.rstrip()}\n{' ' * (indent + 2)}{source}"
    return named + source


def javascript_constant(name: str, source: str) -> str:
    """A constant with a value that is source already, of which no part can be on another line."""
    line = f"const {name} = {source};"
    return line if len(line) <= JAVASCRIPT_WIDTH else f"const {name} =\n  {source};"


def _javascript_line(value: object) -> str:
    if isinstance(value, str):
        return _quoted(value, json_text)
    if isinstance(value, dict):
        members = (f"{javascript_key(k)}: {_javascript_line(v)}" for k, v in value.items())
        return f"{{ {', '.join(members)} }}" if value else "{}"
    if isinstance(value, list):
        return f"[{', '.join(map(_javascript_line, value))}]"
    return json.dumps(value)


def javascript_key(key: str) -> str:
    """A name of a member of an object, in quotes where it needs them."""
    return key if _NAME.fullmatch(key) else json_text(key)


def javascript_place(path: tuple[str, ...]) -> str:
    """How the member at a path is reached, such as `.job["is-done"]`."""
    return "".join(f".{name}" if _NAME.fullmatch(name) else f"[{json_text(name)}]" for name in path)


def jq_place(path: tuple[str, ...]) -> str:
    """The same for jq, where the first member begins with a dot too."""
    places = "".join(
        f".{name}" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", name) else f"[{json_text(name)}]"
        for name in path
    )
    return places if places.startswith(".") else f".{places}"


def in_backticks(text: str) -> str:
    """A text inside of a template of JavaScript."""
    return re.sub(r"[\\`]|\$(?=\{)", r"\\\g<0>", printable(text))


def in_double_quotes(text: str) -> str:
    """A text inside of double quotes, of braces or of an open here-document of a shell."""
    return re.sub(r'[\\`$"}]', r"\\\g<0>", printable(text))


def json_lines(value: object, indent: int = 0, width: int = JAVASCRIPT_WIDTH) -> str:
    """JSON with a line for each member, but for what fits a line from the second level on."""
    if not isinstance(value, dict | list) or not value:
        return json_text(value)
    line = json_text(value)
    if indent and indent + len(line) <= width:
        return line
    if isinstance(value, list):
        items = (json_lines(item, indent + 2, width) for item in value)
        return _many("[]", items, indent, 2)
    members = (
        f"{json_text(key)}: {json_lines(inner, indent + 2, width - len(key) - 5)}"
        for key, inner in value.items()
    )
    return _many("{}", members, indent, 2)


def json_text(value: object) -> str:
    """JSON on one line, which a program in JavaScript can have too; what can't be seen is escaped."""
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else "".join(map(_escaped, text))


def _escaped(character: str) -> str:
    return character if character.isprintable() else json.dumps(character)[1:-1]


def _quoted(text: str, double: Callable[[str], str]) -> str:
    """A text in double quotes, or in single ones where that saves escapes."""
    if text.count('"') <= text.count("'"):
        return double(text)
    # No escape of another character ends before a quote, as a backslash is escaped itself.
    inner = re.sub(r"\\\\|\\\"|'", _turned, double(text)[1:-1])
    return f"'{inner}'"


def _turned(found: re.Match[str]) -> str:
    return {'\\"': '"', "'": "\\'"}.get(found[0], found[0])


def _many(brackets: str, parts: Iterator[str], indent: int, step: int, *, last: str = "") -> str:
    """Parts between brackets, a line for each."""
    inner = " " * (indent + step)
    lines = ",\n".join(f"{inner}{part}" for part in parts)
    return f"{brackets[0]}\n{lines}{last}\n{' ' * indent}{brackets[1]}"
