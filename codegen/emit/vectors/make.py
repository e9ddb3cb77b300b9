"""A model to its vectors."""

from __future__ import annotations

from collections.abc import Mapping

from ...spec.model import Model
from ...spec.schema import Schema
from ...spec.whole import Spec
from .cases import Cases, Strangers
from .goods import Goods
from .making import Making
from .members import add_members
from .model import ModelVectors
from .request import Request
from .rules import add_rules
from .told import Readers
from .whole import add_container, add_discriminator, add_least, add_unknown


class Maker:
    """Makes the vectors of one model after another."""

    def __init__(self, spec: Spec, strangers: Strangers) -> None:
        self._spec, self._goods, self._readers = spec, Goods(spec), Readers(spec)
        self._cases = Cases(spec, self._goods, strangers)

    def made(self, model: Model, others: Mapping[str, Schema]) -> ModelVectors:
        """The vectors of a model; `others` are parameters that it does not take, and other models do.

        There are none of a model that requires what no good value can be made of, nor is in an example.
        """
        request = Request(self._spec, model, self._goods)
        if not request.can_be_made:
            return ModelVectors(request, {})
        rows = {f"most-{number}": given for number, given in enumerate(request.most(), 1)}
        made = ModelVectors(request, {"least": request.least(), **rows})
        making = Making(made, self._readers.of(request))
        cases = {
            place: [*self._cases.of(member, place[-1])]
            for place, member in request.members.items()
            if place != request.discriminator
        }
        add_least(making)
        add_discriminator(making)
        add_members(making, cases)
        add_rules(making, self._cases)
        add_container(making)
        add_unknown(making, others)
        making.beside_others()
        return made
