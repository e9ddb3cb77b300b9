"""What the requests of a model cost."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from typing import Any

from ...spec.model import Model
from ...spec.schema import Parameter

MEGAPIXEL = 1024 * 1024


def most(model: Model) -> int | None:
    """The most credits that a request for a model costs; None where no source tells a price."""
    price = model.price
    if price is None:
        return None
    each = [price.credits, price.default]
    each += [credits for by in (price.by or {}).values() for credits in by.values()]
    times = model.parameters[price.times].maximum if price.times else 1
    values = model.parameters[price.times].values if price.times else None
    if times is None:
        times = max((v for v in values or () if isinstance(v, int)), default=1)
    return math.ceil(max(c for c in each if c is not None) * times * _area(price.per, model, {}))


def of_request(model: Model, given: Mapping[str, Any]) -> int | None:
    """The credits of a request with these parameters, or the most that it may cost."""
    price = model.price
    if price is None:
        return None
    said: dict[str, Any] = {
        name: given.get(name, parameter.default) for name, parameter in model.parameters.items()
    }
    credits = price.credits or 0
    for name, by in (price.by or {}).items():
        value = said.get(name)
        text = value if isinstance(value, str) else json.dumps(value)
        credits = by.get(text, price.default if price.default is not None else max(by.values()))
    times = said.get(price.times) if price.times else 1
    return math.ceil(credits * max(times or 1, 1) * _area(price.per, model, said))


def _area(per: str | None, model: Model, said: Mapping[str, Any]) -> int:
    """The megapixels that are paid for; of a request that does not tell them, the most that may be."""
    if per is None:
        return 1
    areas = [*_areas(model, said)]
    return max(1, math.ceil(max(areas, default=1)))


def _areas(model: Model, said: Mapping[str, Any]) -> Iterator[float]:
    """The megapixels of each size that a request, or any, may name."""
    sides = [
        _side(said, name, parameter)
        for name, parameter in model.parameters.items()
        if parameter.role in ("width", "height")
    ]
    if len(sides) == 2 and sides[0] is not None and sides[1] is not None:
        yield sides[0] * sides[1] / MEGAPIXEL
    for name, parameter in model.parameters.items():
        value = said.get(name)
        if parameter.quantity is not None:
            match = re.match("[0-9.]+", value) if isinstance(value, str) else None
            if match or not said:
                yield float(match[0]) if match else parameter.quantity.maximum
        for key, size in (parameter.sizes or {}).items():
            if not said or key == value:
                if size.side is not None:
                    yield size.side**2 / MEGAPIXEL
                if size.width is not None and size.height is not None:
                    yield size.width * size.height / MEGAPIXEL
                if size.megapixels is not None:
                    yield size.megapixels


def _side(said: Mapping[str, Any], name: str, parameter: Parameter) -> float | None:
    value = said.get(name) if said else parameter.maximum
    return value if isinstance(value, int | float) else None
