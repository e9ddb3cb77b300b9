"""What holds once there are jobs: that a request is carried out once, and that lists have the jobs they should."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...spec.schema import Schema
from ..json_schema import Json
from .sequences_parts import Collection, Place, pointer, slug_of, stranger, words

# Sequences run in the order of their stages: without jobs, with jobs, with new ones,
# with one that must be the only new one, and removing them.
_READS, _SUBMITS, _PAYS, _REMOVES = 1, 2, 3, 4
# The characters of what is put where `{unique}` is: a UUID.
_UNIQUE = 36
# The most items of a page that is looked at as a whole.
_PAGE = 25


def jobs(found: Collection, places: Sequence[Place]) -> None:
    """The sequences of all operations that jobs come of, or that show them."""
    for place in places:
        if place.kind == "submit":
            found.constraint(
                f"{place.name}/new-job", "job", operation=place.name, source=place.source
            )
            if place.operation.idempotent_by_key:
                _idempotency(found, place)
                _key_lengths(found, place)
        elif place.kind == "jobs":
            _list(found, place)
        elif place.kind == "catalogue":
            _catalogue(found, place)
        elif place.kind == "empty":
            _removal(found, place)
    accounts = [place for place in places if place.kind == "account"]
    paid = [place for place in places if place.operation.idempotent_by_key and place.stands_alone]
    if accounts and paid:
        _payment(found, paid[0], accounts[0])


def _idempotency(found: Collection, place: Place) -> None:
    name, rule = place.name, found.spec.api.idempotency
    given: Json = {"operation": name, "count": 1, "keyed": True}
    header = {rule.header: "{job.key}"}
    at = pointer(place.roles(place.operation.success.object)["id"])
    same = {"at": at, "is": "every", "value": "{job}"}
    replayed = found.constraint(
        f"{name}/idempotency",
        "idempotency",
        operation=name,
        parameter=rule.header,
        limit=rule.hours,
        source=words(rule.source),
    )
    step = place.step(place.success(), headers=header, body="{job.body}", checks=[same])
    more: Json = {"stage": _SUBMITS, "jobs": given}
    needs = [f"{name}/new-job"]
    found.add(replayed, "replay", "the same key and the same request", step, **more, needs=needs)
    conflict = place.expected("Conflict")
    if conflict:
        silent = {
            source: "accepted"
            for source, reading in place.operation.readings.items()
            if reading.errors is not None and rule.conflict_status not in reading.errors
        }
        source = {name: said for name, said in words(rule.source).items() if name not in silent}
        constraint = found.constraint(
            f"{name}/idempotency-conflict",
            "idempotency",
            operation=name,
            parameter=rule.header,
            limit=rule.conflict_status,
            source=source,
        )
        step = place.step(conflict, headers=header, body=place.sample)
        told: Json = {"sure": "readings", "readings": silent} if silent else {}
        says = "the same key and another request"
        more = {**more, "jobs": {**given, "unlike": place.sample}, "needs": [*needs, replayed]}
        found.add(constraint, "other-body", says, step, **more, **told)


def _key_lengths(found: Collection, place: Place) -> None:
    """Keys of the longest length, which make a job, and longer ones."""
    rule, expect = found.spec.api.idempotency, place.expected("BadRequest")
    constraint = found.constraint(
        f"{place.name}/idempotency-key/max_length",
        "max_length",
        operation=place.name,
        parameter=rule.header,
        limit=rule.max_length,
        source=words(rule.source),
    )
    # A server that reads no key would make a job of a request whose key is too long.
    needs = [f"{place.name}/idempotency"]
    given = {"operation": place.name, "count": 1, "keyed": True}
    more: Json = {"stage": _SUBMITS, "needs": needs, "jobs": given}
    if expect:
        headers = {rule.header: "k" * (rule.max_length + 1)}
        step = place.step(expect, headers=headers, body=place.sample)
        found.add(constraint, "one-above", "a key that is one too long", step, **more)
    if rule.max_length < _UNIQUE or not place.stands_alone:
        return
    headers = {rule.header: "{unique}" + "k" * (rule.max_length - _UNIQUE)}
    step = place.step(place.success(), headers=headers, body=place.sample)
    at = pointer(place.roles(place.operation.success.object)["id"])
    first = {**step, "save": {"made": {"at": at}}}
    again = {**step, "checks": [{"at": at, "is": "every", "value": "{made}"}]}
    says = "a key that is as long as it may be"
    found.add(constraint, "at", says, first, again, **{**more, "costs": True})


def _list(found: Collection, place: Place) -> None:
    name, source, answer = place.name, place.source, f"{place.name}/answer"
    by_role = {schema.role: (key, schema) for key, schema in place.operation.query.items()}
    items, at = place.items()
    limit, page = by_role.get("limit"), _PAGE
    whole: Json = {}
    if limit is not None:
        page = min(int(limit[1].maximum or _PAGE), _PAGE)
        whole = {limit[0]: str(page)}
    one: Json = {"stage": _READS, "jobs": {"operation": None, "count": 1}}
    two: Json = {"stage": _READS, "jobs": {"operation": None, "count": 2}}

    def told(aspect: str, kind: str, parameter: str = "", says: Any = None) -> str:
        return found.constraint(
            f"{name}/{aspect}", kind, operation=name, parameter=parameter, limit=says, source=source
        )

    contains = told("contains", "list", says="a job that was submitted")
    step = place.step(place.success(), query=whole)
    mine = {"at": at["id"], "is": "some", "value": "{job}"}
    needs = [answer]
    if found.spec.operation_kind("job"):
        needs.append(f"{found.spec.operation_kind('job')}/stored")
    found.add(
        contains,
        "newest",
        "a list of the newest jobs",
        {**step, "checks": [mine]},
        **one,
        needs=needs,
    )
    sound: list[str] = []
    if "created_at" in at:
        order = told("order", "list", says="newest first")
        falling = {"at": at["created_at"], "is": "falling"}
        says = "the order of a list"
        found.add(
            order, "newest-first", says, {**step, "checks": [falling]}, **two, needs=[contains]
        )
        sound.append(order)
    if limit is not None:
        obeyed = told(f"{limit[0]}/obeyed", "list", limit[0])
        bounds = _checked(found, name, limit[0], "minimum", "maximum", "type")
        few = place.step(place.success(), query={limit[0]: "1"})
        most = {"at": f"{items}/*", "is": "most", "value": 1}
        says = "a page of one job"
        found.add(obeyed, "one", says, {**few, "checks": [most]}, **two, needs=[contains, *bounds])
        sound.append(obeyed)
    _pages(found, place, {"limit": limit, "page": page, "two": two, "needs": [contains, *sound]})
    for role in ("status", "model", "search"):
        if role in by_role:
            _filter(found, place, role, *by_role[role], whole=whole)


def _pages(found: Collection, place: Place, known: Json) -> None:
    """Walking through the pages of a list: those of few items have what those of many have."""
    name, limit = place.name, known["limit"]
    roles = place.roles(place.operation.success.object)
    cursor = next(key for key, schema in place.operation.query.items() if schema.role == "cursor")
    _, at = place.items()
    paging = found.constraint(
        f"{name}/paging", "paging", operation=name, parameter=cursor, source=place.source
    )
    for size in (1, 2, 3) if limit else (0,):
        step = {
            **place.step(place.success()),
            "pages": {
                "cursor": cursor,
                "limit": limit[0] if limit else None,
                "size": size,
                "most": known["page"],
                "at": {"id": at["id"]}
                | {
                    role: pointer(roles[role])
                    for role in ("next_cursor", "has_more")
                    if role in roles
                },
            },
        }
        slug = f"by-{size}" if size else "all"
        says = "the pages of a list" + (f", with {size} a page" if size else "")
        found.add(paging, slug, says, step, **known["two"], needs=known["needs"])
    expect = place.expected("BadRequest")
    if expect:
        unknown = found.constraint(
            f"{name}/{cursor}/unknown",
            "paging",
            operation=name,
            parameter=cursor,
            source=place.source,
        )
        step = place.step(expect, query={cursor: "no-such-cursor"})
        says = "a cursor that no page gave"
        needs = [paging, f"{name}/refusal"]
        found.add(unknown, "stranger", says, step, **known["two"], needs=needs, sure="unknown")


def _filter(
    found: Collection, place: Place, role: str, name: str, schema: Schema, whole: Json
) -> None:
    """A list of the jobs that have something has none other, and those that it should."""
    _, at = place.items()
    shown = {"search": "id"}.get(role, role)
    if shown not in at:
        return
    needs = [f"{place.name}/contains"]
    needs += _checked(found, place.name, name, "values", "format")
    job = found.spec.operation_kind("job")
    if role == "status" and job:  # That of a job which has not ended may change.
        needs += [f"{job}/answer", f"{job}/life/ends"]
    constraint = found.constraint(
        f"{place.name}/{name}/filter",
        "list",
        operation=place.name,
        parameter=name,
        source=words(schema.source) or place.source,
    )
    more: Json = {"stage": _READS, "jobs": {"operation": None, "count": 1}, "needs": needs}
    picked = {"at": at[shown], "where": at["id"], "value": "{job}"}
    first = place.step(place.success(), query=whole, save={"wanted": picked})
    checks = [
        {"at": at[shown], "is": "every", "value": "{wanted}"},
        {"at": at["id"], "is": "some", "value": "{job}"},
    ]
    second = place.step(place.success(), query={**whole, name: "{wanted}"}, checks=checks)
    found.add(constraint, "of-a-job", f"the jobs with the {shown} of one", first, second, **more)
    if role == "status":
        others = [str(value) for value in schema.values or ()]
    elif role == "model":
        known = [*found.spec.models]
        others = sorted({*known[:1], *known[-1:]})
    else:
        none = {"at": at["id"], "is": "most", "value": 0}
        query = {**whole, name: stranger(found.spec, schema)}
        step = place.step(place.success(), query=query, checks=[none])
        found.add(constraint, "stranger", f"an {shown} that nothing has", step, **more)
        return
    for number, other in enumerate(others, 1):
        step = place.step(
            place.success(),
            query={**whole, name: other},
            checks=[{"at": at[shown], "is": "every", "value": other}],
        )
        slug = f"only-{slug_of(other) if role == 'status' else number}"
        found.add(constraint, slug, f"the jobs with the {shown} {other}", step, **more)


def _checked(found: Collection, operation: str, parameter: str, *kinds: str) -> list[str]:
    """The constraints of a parameter: where it is not read, what is wrong is not refused, which tells it."""
    ids = [f"{operation}/{parameter}/{kind}" for kind in kinds]
    return [id for id in ids if id in found.constraints]


def _payment(found: Collection, place: Place, account: Place) -> None:
    """What is left to spend is less once a job was made."""
    at = account.roles(account.operation.success.object).get("credits")
    if at is None or not place.stands_alone:
        return
    constraint = found.constraint(
        f"{account.name}/charged", "payment", operation=account.name, source=account.source
    )
    rule = found.spec.api.idempotency
    before = account.step(account.success(), save={"left": {"at": pointer(at)}})
    headers = {rule.header: "{unique}"} if rule.max_length >= _UNIQUE else {}
    made = place.step(place.success(), headers=headers, body=place.sample)
    check = {"at": pointer(at), "is": "below", "value": "{left}"}
    after = account.step(account.success(), checks=[check])
    given = {"operation": place.name, "count": 1}
    needs = [f"{place.name}/idempotency", f"{account.name}/answer"]
    more: Json = {"stage": _PAYS, "costs": True, "jobs": given, "sure": "unknown"}
    says = "what is left once a job was made"
    found.add(constraint, "job", says, before, made, after, **more, needs=needs)


def _catalogue(found: Collection, place: Place) -> None:
    """The catalogue has every model that is asked for by its id, and a part of it has nothing else."""
    _, at = place.items()
    name, answer = place.name, f"{place.name}/answer"
    models = [model.id for model in found.spec.models.values() if model.discriminator is None]
    complete = found.constraint(
        f"{name}/complete", "catalogue", operation=name, limit=models, source=place.source
    )
    checks = [{"at": at["id"], "is": "holds", "value": models}]
    step = place.step(place.success(), checks=checks)
    found.add(complete, "all", "all models", step, needs=[answer])
    for key, schema in place.operation.query.items():
        if schema.role != "modality" or "modality" not in at:
            continue
        constraint = found.constraint(
            f"{name}/{key}/filter",
            "catalogue",
            operation=name,
            parameter=key,
            source=words(schema.source) or place.source,
        )
        results = found.spec.api.results.values()
        for value in map(str, schema.values or dict.fromkeys(result.media for result in results)):
            checks = [{"at": at["modality"], "is": "every", "value": value}]
            step = place.step(place.success(), query={key: value}, checks=checks)
            needs = [answer, *_checked(found, name, key, "values")]
            found.add(constraint, value, f"the models of {value}", step, needs=needs)


def _removal(found: Collection, place: Place) -> None:
    """A job that was removed is gone."""
    name = found.spec.operation_kind("job")
    if name is None or place.operation.method != "DELETE" or not place.expected("NotFound"):
        return
    if not any(schema.role == "id" for schema in place.operation.path_parameters.values()):
        return
    shown = Place(found.spec, name, found.spec.operations[name])
    constraint = found.constraint(
        f"{place.name}/removed", "removal", operation=place.name, source=place.source
    )
    first = place.step(place.success(), path={"id": "{job}"})
    second = shown.step(shown.expected("NotFound"), path={"id": "{job}"})
    more: Json = {"stage": _REMOVES, "jobs": {"operation": None, "count": 1}}
    needs = [f"{name}/stored", f"{name}/unknown-id"]
    found.add(constraint, "gone", "a job that was removed", first, second, **more, needs=needs)
