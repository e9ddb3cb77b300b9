"""What would be sent, in which order, and what it may cost."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from functools import cache
from itertools import chain

from .._redact import short_repr
from . import _vectors
from ._document import ApiSequence, api_constraints, sequences
from ._errors import CannotRunError
from ._vectors import Body, Constraint, ModelVectors, Vector, vectors_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request for a model with the vectors that go into it, and the most credits that it costs."""

    id: str
    model: ModelVectors
    base: str
    vectors: tuple[Vector, ...]
    credits: int

    __repr__ = short_repr

    @property
    def body(self) -> Body:
        """The request."""
        return self.model.body(self.base, *self.vectors)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The requests of a run.

    What should be refused is `free`; `packs` are to be accepted, the cheapest first. What is `doubtful`
    should be refused, too, but for another source, by which it is accepted, and billed. `estimate` is the
    most credits that a server takes for them which keeps its documents. Of models that no source tells a
    price of, it is `assumed` to be the highest of all.
    """

    free: Sequence[Submission]
    packs: Sequence[Submission]
    doubtful: Sequence[Submission]
    sequences: Sequence[ApiSequence]
    constraints: Mapping[str, Constraint]
    assumed: Mapping[str, int]
    dearest: int

    __repr__ = short_repr

    @property
    def estimate(self) -> int:
        """The most credits that it costs."""
        made = sum(sequence.costs for sequence in self.sequences)
        sent = (*self.packs, *self.doubtful)
        return sum(submission.credits for submission in sent) + made * self.dearest

    @property
    def submissions(self) -> Sequence[Submission]:
        """All requests for models."""
        return (*self.free, *self.packs, *self.doubtful)

    @property
    def requests(self) -> int:
        """How many requests are sent, apart from those that look at jobs."""
        steps = sum(len(sequence.steps) for sequence in self.sequences)
        return len(self.submissions) + steps

    @property
    def vectors(self) -> Sequence[str]:
        """The ids of all that is tested."""
        sent = chain.from_iterable(each.vectors for each in self.submissions)
        return [*(vector.id for vector in sent), *(sequence.id for sequence in self.sequences)]


def plan(
    *,
    models: Sequence[str] = (),
    parameters: Sequence[str] = (),
    kinds: Sequence[str] = (),
    vectors: Sequence[str] = (),
) -> Plan:
    """What a run would send for a selection; by default, for everything.

    Args:
        models: Ids of models. What holds for operations is tested, too, but for those of other models.
        parameters: Names of parameters, or dotted paths such as `container.name`.
        kinds: Kinds of constraints, such as `maximum`.
        vectors: Patterns of vectors' ids, such as `*/maximum/*`.

    Raises CannotRunError for what does not exist.
    """
    models, parameters, kinds, vectors = map(_listed, (models, parameters, kinds, vectors))
    chosen = [_model(id) for id in models or _vectors.models()]
    own = {id: c for model in chosen for id, c in model.constraints.items()}
    constraints = {**own, **api_constraints()}
    _check("parameter", parameters, chain.from_iterable(map(_names, constraints.values())))
    _check("kind", kinds, (constraint.kind for constraint in constraints.values()))

    ids = {*vectors}  # Whole ids are looked up, as there may be thousands.
    patterns = [pattern for pattern in ids if {*pattern} & {*"*?["}]
    submitting = {model.operation for model in map(vectors_of, _vectors.models())}
    others = submitting - {model.operation for model in chosen}

    def wanted(vector: Vector | ApiSequence) -> bool:
        constraint = constraints[vector.constraint]
        return constraint.operation not in others and (
            (not parameters or not _names(constraint).isdisjoint(parameters))
            and (not kinds or constraint.kind in kinds)
            and (
                not vectors
                or vector.id in ids
                or any(fnmatchcase(vector.id, pattern) for pattern in patterns)
            )
        )

    assumed = {model.model: dearest() for model in chosen if model.credits is None}
    refused = [each for model in chosen for each in _alone(model, wanted)]
    packs = [pack for model in chosen for pack in _packs(model, wanted)]
    parents = _parents(refused + packs, packs)
    packs += parents
    constraints |= {id: c for pack in parents for id, c in pack.model.constraints.items()}
    found = Plan(
        free=[each for each in refused if not _is_doubtful(each)],
        packs=sorted(packs, key=_cost),
        doubtful=sorted(filter(_is_doubtful, refused), key=_cost),
        sequences=list(_of_chosen(filter(wanted, sequences()), packs if models else None)),
        constraints=constraints,
        assumed=assumed,
        dearest=max((pack.credits for pack in packs), default=dearest()),
    )
    if not found.vectors:
        raise CannotRunError("no vector is of all that was chosen; choose less narrowly")
    return found


def _of_chosen(
    found: Iterable[ApiSequence], packs: Sequence[Submission] | None
) -> Iterator[ApiSequence]:
    """Sequences that make no jobs of models other than those of some packs; None: of any."""
    number = 0
    for sequence in found:
        if packs is None or not sequence.costs:
            yield sequence
            continue
        asked = {step["operation"] for step in sequence.steps if "body" in step}
        own = [p for p in packs if p.model.parent is None and {p.model.operation} == asked]
        cheapest = {pack.model.model: pack for pack in sorted(own, key=_cost, reverse=True)}
        if (
            cheapest
        ):  # Each time of another model, so that none is asked for much more than the others.
            bodies = [pack.body for pack in sorted(cheapest.values(), key=_cost)]
            body, number = bodies[number % len(bodies)], number + 1
            steps = [{**step, "body": body} if "body" in step else step for step in sequence.steps]
            yield replace(sequence, steps=tuple(steps))


def _listed(names: Sequence[str]) -> Sequence[str]:
    """Names, each once; a text alone is one."""
    return list(dict.fromkeys([names] if isinstance(names, str) else names))


def _alone(model: ModelVectors, wanted: Callable[[Vector], bool]) -> Iterator[Submission]:
    """The requests that should be refused."""
    for vector in model.vectors.values():
        if vector.expect == "refused" and wanted(vector):
            yield Submission(
                id=vector.id,
                model=model,
                base=vector.base,
                vectors=(vector,),
                credits=_price(model),
            )


def _packs(model: ModelVectors, wanted: Callable[[Vector], bool]) -> Iterator[Submission]:
    """The packs with the vectors of them that are wanted."""
    for pack in model.packs:
        inside = tuple(v for id in pack.vectors if wanted(v := model.vectors[id]))
        if inside:
            most = _price(model) if pack.credits is None else pack.credits
            yield Submission(id=pack.id, model=model, base=pack.base, vectors=inside, credits=most)


def _parents(planned: Sequence[Submission], packs: Sequence[Submission]) -> list[Submission]:
    """Requests for the jobs that others go on from, where no pack makes one."""
    found: dict[str, Submission] = {}
    made = {pack.model.model for pack in packs}
    for parent in filter(None, (each.model.parent for each in planned)):
        if parent.models and made.isdisjoint(parent.models):
            model = vectors_of(parent.models[0])
            pack = next(_packs(model, lambda vector: True))
            found[model.model] = replace(pack, vectors=pack.vectors[:1])
    return list(found.values())


def _is_doubtful(submission: Submission) -> bool:
    """Whether a server may accept it and keep its documents as another source has them."""
    return any(v.sure != "documented" or v.readings for v in submission.vectors)


def _cost(submission: Submission) -> int:
    return submission.credits


def _price(model: ModelVectors) -> int:
    return dearest() if model.credits is None else model.credits


def dearest() -> int:
    """The highest price of a request that any source tells."""
    return _dearest_of(tuple(_vectors.models()))


@cache
def _dearest_of(models: tuple[str, ...]) -> int:
    prices = [vectors_of(id).credits for id in models]
    return max((price for price in prices if price is not None), default=1)


def _model(id: str) -> ModelVectors:
    _check("model", [id], _vectors.models())
    return vectors_of(id)


def _names(constraint: Constraint) -> set[str]:
    """How a parameter can be called: by its path, or by its name alone."""
    path = constraint.parameter
    return {path, path.rpartition(".")[2]} - {""}


def _check(noun: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Raises CannotRunError for a name that is not known."""
    names = sorted(set(known))
    for name in given:
        if name not in names:
            close = difflib.get_close_matches(name, names, n=1)
            hint = f"did you mean {close[0]}?" if close else f"expected {', '.join(names[:20])}"
            raise CannotRunError(f"there is no {noun} {name!r}; {hint}")
