# A copy of codegen/runtime/emulator/_pictures/details.py, where it is edited.
"""What the file of a picture tells of the request that it was made for."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape

from PIL import Image

from .plan import Plan

SOFTWARE = "Fluxframe emulator"
# A JPEG has room for 64 KiB of each of EXIF and XMP.
_MOST_BYTES = 24_000
_EXIF_IFD, _COMMENT = 0x8769, 0x9286
_DESCRIPTION, _MODEL, _SOFTWARE = 0x010E, 0x0110, 0x0131
_XMP = """\
<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:request="urn:fluxframe:request">
<xmp:CreatorTool>{software}</xmp:CreatorTool>
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{prompt}</rdf:li></rdf:Alt></dc:description>
<request:model>{model}</request:model>
<request:seed>{seed}</request:seed>
<request:json>{request}</request:json>
</rdf:Description></rdf:RDF></x:xmpmeta>
<?xpacket end="r"?>"""
# What XML has no way to say.
_UNSAID = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Details:
    """The request of a picture: its model, prompt and seed, and all of it as JSON."""

    model: str
    prompt: str
    seed: int
    request: str

    @classmethod
    def of(cls, plan: Plan, index: int) -> Details:
        """The details of the picture of an index."""
        prompt = plan.prompt or ""
        return cls(plan.model.id, prompt, plan.seed + index, _request(plan))

    def texts(self) -> dict[str, str]:
        """The details by their names."""
        return {
            "Software": SOFTWARE,
            "model": self.model,
            "prompt": self.prompt[:_MOST_BYTES],
            "seed": str(self.seed),
            "request": self.request,
        }

    def exif(self) -> bytes:
        """The details as EXIF."""
        exif = Image.Exif()
        exif[_DESCRIPTION] = self.prompt.encode("utf-8", "replace")[:_MOST_BYTES]
        exif[_MODEL], exif[_SOFTWARE] = self.model, SOFTWARE
        exif.get_ifd(_EXIF_IFD)[_COMMENT] = b"ASCII\0\0\0" + self.request.encode("ascii")
        return exif.tobytes()

    def xmp(self) -> bytes:
        """The details as XMP."""
        texts = {name.lower(): text for name, text in self.texts().items()}
        said = {name: escape(_UNSAID.sub("\ufffd", text)) for name, text in texts.items()}
        return _XMP.format(**said).encode("utf-8", "replace")


def _request(plan: Plan) -> str:
    """A request as JSON in ASCII, long texts cut until it is short enough; without where events go."""
    request = dict(plan.values.request)
    for parameter in plan.model.with_role("webhook_url"):
        _drop(request, parameter.path)
    longest = 8192
    while True:
        text = json.dumps(_cut(request, longest), separators=(",", ":"))
        if len(text) <= _MOST_BYTES or longest < 16:
            return text if len(text) <= _MOST_BYTES else "{}"
        longest //= 2


def _drop(request: dict[str, Any], path: tuple[str, ...]) -> None:
    """Take the value at a path out of a request, whose inner objects stay as they are."""
    name, *rest = path
    inner = request.get(name)
    if not rest:
        request.pop(name, None)
    elif isinstance(inner, dict):
        request[name] = {**inner}
        _drop(request[name], tuple(rest))


def _cut(value: Any, longest: int) -> Any:
    """A value whose texts are no longer than that."""
    if isinstance(value, str) and len(value) > longest:
        return f"{value[:longest]}\u2026 ({len(value)} characters)"
    if isinstance(value, list):
        return [_cut(inner, longest) for inner in value]
    if isinstance(value, dict):
        return {name: _cut(inner, longest) for name, inner in value.items()}
    return value
