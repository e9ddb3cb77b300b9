"""Every model over a real socket: as many pictures as asked for, in the right format and size.

What is right is read from the spec here, and not as the emulator reads the document.
"""

from __future__ import annotations

import base64
import io
import math
import re
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from random import Random
from typing import Any, TypeAlias

import httpx
import pytest
from PIL import Image, ImageChops, ImageStat

from codegen.spec import schema as schemas
from codegen.spec.load import load
from fluxframe.emulator import Emulator

from ..good_requests import draw
from ..strategies import example_of, in_keeping, parameters, place, put

Json: TypeAlias = dict[str, Any]

SPEC = load()
ONE_MEGAPIXEL = 1024 * 1024
FORMATS = {"jpg": "JPEG", "jpeg": "JPEG", "png": "PNG", "webp": "WEBP"}
# Of all models, those that are tried in a run, and the requests for each.
MODELS_A_RUN, REQUESTS = 8, 3


class Api:
    """An account of an emulator whose jobs are done at once."""

    def __init__(self, emulator: Emulator) -> None:
        auth = SPEC.api.authentication
        key = f"{auth.scheme} {auth.prefix}{uuid.uuid4().hex}".strip()
        self.http = httpx.Client(
            base_url=emulator.url, headers={auth.header: key}, trust_env=False, verify=False,
            timeout=60,
        )  # fmt: skip

    def submit(self, model: str, request: Mapping[str, Any]) -> httpx.Response:
        operation = SPEC.operations[SPEC.operation_of(SPEC.models[model])]
        return self.http.request(operation.method, operation.path, json=request)

    def done(self, model: str, request: Mapping[str, Any]) -> Json:
        """The job of a request, by role."""
        answer = self.submit(model, request)
        operation = SPEC.operations[SPEC.operation_of(SPEC.models[model])]
        assert answer.status_code == operation.success.status, (model, request, answer.text)
        id = at(answer.json(), SPEC.roles(operation.success.object or "")["id"])
        looked_up = SPEC.operations[SPEC.operation_kind("job") or ""]
        job = self.http.get(looked_up.path.replace("{id}", id)).json()
        return {role: at(job, path) for role, path in SPEC.roles(SPEC.api.job.object).items()}

    def image(self, url: str) -> Image.Image:
        answer = self.http.get(url)
        assert answer.status_code == 200, answer.text
        with Image.open(io.BytesIO(answer.content)) as image:
            image.load()
        return image

    def uploaded(self, picture: Image.Image) -> str:
        operation = SPEC.operations[SPEC.operation_kind("upload") or ""]
        (field,) = (n for n, f in (operation.body.multipart or {}).items() if f.type == "file")
        answer = self.http.post(operation.path, files={field: ("a.png", png(picture))})
        url: str = at(answer.json(), SPEC.roles(operation.success.object or "")["url"])
        return url


def at(value: Any, path: tuple[str, ...]) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def painted(size: tuple[int, int] = (300, 200)) -> Image.Image:
    """A picture that is told from others: blue in its upper left, else orange."""
    picture = Image.new("RGB", size, (220, 120, 20))
    picture.paste((20, 80, 220), (0, 0, size[0] // 2, size[1] // 2))
    return picture


@pytest.fixture(scope="module")
def emulator() -> Iterator[Emulator]:
    with Emulator(job_seconds=0, credits=10**9) as emulator:
        yield emulator


@contextmanager
def connected(emulator: Emulator) -> Iterator[Api]:
    api = Api(emulator)
    with api.http:
        yield api


@pytest.fixture
def api(emulator: Emulator) -> Iterator[Api]:
    with connected(emulator) as api:
        yield api


def with_role(model: str, role: str) -> list[tuple[str, schemas.Schema]]:
    return [(n, schema) for n, schema in parameters(model).items() if schema.role == role]


def said(model: str, request: Json, role: str) -> Any:
    """What a request says in a role, or what is assumed."""
    container = SPEC.container(SPEC.models[model])
    inner = {**request, **(request.get(container or "") or {})}
    for name, schema in with_role(model, role):
        if (value := inner.get(name, schema.default)) is not None and used(model, name, inner):
            return value
    return None


def used(model: str, name: str, inner: Json) -> bool:
    parameter = SPEC.models[model].parameters.get(name)
    if parameter is None:
        return True
    known = SPEC.models[model].parameters

    def all_are(settings: schemas.Settings) -> bool:
        return all(
            inner.get(other, known[other].default) in (want if isinstance(want, list) else [want])
            for other, want in settings.items()
        )

    ignored = bool(parameter.ignored_when) and all_are(parameter.ignored_when)
    return all_are(parameter.used_when) and not ignored


def with_pictures(api: Api, model: str, request: Json, url: str) -> Json:
    """The request with pictures and jobs that there are, where it has some or must have some."""
    container = SPEC.container(SPEC.models[model])
    inner = {**request, **(request.get(container or "") or {})}
    for name, schema in with_role(model, "reference"):
        if inner.get(name):
            shown: Any = url if schema.type == "string" else [url, *inner[name][1:]]
            request = put(model, request, name, shown)
    for name, _ in with_role(model, "parent"):
        if name in inner:
            request = put(model, request, name, parent(api))
    return request


def parent(api: Api) -> str:
    """The id of a job with several pictures."""
    model = next(id for id, model in SPEC.models.items() if model.count and "parent" not in
                 {schema.role for schema in parameters(id).values()})  # fmt: skip
    return str(api.done(model, least(model))["id"])


def least(model: str) -> Json:
    """A request that says as little as possible."""
    known = parameters(model)
    every = {name: example_of(schema) for name, schema in known.items()}
    left_out = [name for name, schema in known.items() if not schema.required]
    return place(model, in_keeping(model, every, left_out))


def count_of(model: str, request: Json) -> int:
    asked = said(model, request, "count")
    return int(asked) if asked is not None else SPEC.models[model].count or 1


def ratio_of(text: str) -> float | None:
    """The ratio of a text of two numbers other than 0."""
    across, _, down = text.partition(":")
    if not (across.isdigit() and down.isdigit() and int(across) and int(down)):
        return None
    return int(across) / int(down)


def assert_size(model: str, request: Json, found: tuple[int, int]) -> None:
    """Whether a picture has the size that the request says, if it says one."""
    width, height = said(model, request, "width"), said(model, request, "height")
    if width and height:
        assert found == (width, height), request
        return
    sizes = dict(with_role(model, "size"))
    value = said(model, request, "size")
    named = next((s.sizes[value] for s in sizes.values() if s.sizes and value in s.sizes), None)
    if named and named.width and named.height and said(model, request, "aspect_ratio") is None:
        assert found == (named.width, named.height), request
        return
    if re.fullmatch("[0-9]+x[0-9]+", str(value)):
        assert found == tuple(map(int, value.split("x"))), request
        return
    if (shape := said(model, request, "aspect_ratio")) and (ratio := ratio_of(str(shape))):
        assert found[0] / found[1] == pytest.approx(ratio, rel=2 / min(found)), request
    area: float | None = None
    if named and named.side:
        area = named.side**2
    elif named and named.megapixels:
        area = named.megapixels * ONE_MEGAPIXEL
    if area:
        assert found[0] * found[1] == pytest.approx(area, rel=0.02), request


def is_beyond(model: str, request: Json) -> bool:
    """Whether no picture can be as a request says: 0 pixels wide, or of far too many."""
    said_so = [str(said(model, request, role)) for role in ("aspect_ratio", "size")]
    numbers = [[int(n) for n in re.findall("[0-9]+", text)] for text in said_so]
    most = max((math.prod(pair) for pair in numbers if len(pair) == 2), default=0)
    return most > 16 * ONE_MEGAPIXEL or any(0 in found for found in numbers)


def assert_made(api: Api, model: str, request: Json, *, pictures: bool = True) -> None:
    job = api.done(model, request)
    if job["status"] not in SPEC.api.job.succeeded:
        assert "picture would have" in job["error"], (request, job)
        assert is_beyond(model, request), request
        return
    assert len(job["images"]) == len(set(job["images"])) == count_of(model, request), request
    kind = SPEC.api.results[SPEC.result_of(SPEC.models[model])].object
    assert (job.get("composite") is not None) == ("composite" in SPEC.roles(kind))
    wanted = said(model, request, "format")
    for url in dict.fromkeys([job["images"][0], job["images"][-1]]) if pictures else ():
        image = api.image(url)
        if wanted is not None:
            assert image.format == FORMATS[wanted], request
            assert url.endswith(f".{wanted}")
        if not with_role(model, "scale"):
            assert_size(model, request, image.size)


def test_requests_for_some_models_end_in_what_they_ask_for(api: Api, chance: Random) -> None:
    url = api.uploaded(painted())
    for model in chance.sample(sorted(SPEC.models), min(MODELS_A_RUN, len(SPEC.models))):
        for _ in range(REQUESTS):
            request = with_pictures(api, model, draw(model, chance), url)
            assert_made(api, model, request)


@pytest.mark.parametrize("model", SPEC.models)
def test_what_says_as_little_as_possible_makes_pictures(api: Api, model: str) -> None:
    request = with_pictures(api, model, least(model), api.uploaded(painted()))
    job = api.done(model, request)
    assert job["status"] in SPEC.api.job.succeeded
    assert len(job["images"]) == count_of(model, request)


# Pictures that are shown.


def alike(one: Image.Image, other: Image.Image) -> bool:
    """Whether two pictures show the same, at whatever size; labels at their foot are left aside."""
    small = [image.convert("RGB").resize((30, 20)).crop((0, 0, 30, 9)) for image in (one, other)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < 12


def shown(role: str) -> list[str]:
    """The models that need a picture, with or without a factor by which they make it larger."""
    return [
        model
        for model in SPEC.models
        if any(schema.required for _, schema in with_role(model, "reference"))
        and bool(with_role(model, "scale")) == (role == "scale")
    ]


def given(api: Api, model: str, url: str) -> Json:
    return with_pictures(api, model, least(model), url)


@pytest.mark.parametrize("model", shown("scale"))
@pytest.mark.parametrize("is_data", [True, False])
def test_an_upscaler_makes_the_picture_larger(api: Api, model: str, is_data: bool) -> None:
    picture = painted()
    url = f"data:image/png;base64,{base64.b64encode(png(picture)).decode()}"
    request = given(api, model, url if is_data else api.uploaded(picture))
    [(name, schema)] = with_role(model, "scale")
    for factor in schema.values or [1, 2]:
        job = api.done(model, put(model, request, name, factor))
        image = api.image(job["images"][0])
        assert image.size == (300 * factor, 200 * factor)
        assert alike(image, picture)


@pytest.mark.parametrize("model", shown("scale"))
def test_an_upscaler_makes_nothing_larger_than_can_be_drawn(api: Api, model: str) -> None:
    [(name, schema)] = with_role(model, "scale")
    request = given(api, model, api.uploaded(painted((3000, 2000))))
    job = api.done(model, put(model, request, name, max(map(float, schema.values or [8]))))
    width, height = api.image(job["images"][0]).size
    assert 3000 < width
    assert width * height < 18 * ONE_MEGAPIXEL
    assert width / height == pytest.approx(1.5, rel=0.01)


@pytest.mark.parametrize("model", shown(""))
def test_a_model_that_needs_a_picture_shows_it(api: Api, model: str) -> None:
    image = api.image(api.done(model, given(api, model, api.uploaded(painted())))["images"][0])
    other = painted().transpose(Image.Transpose.ROTATE_180)
    assert image.size == (300, 200)
    assert alike(image, painted())
    assert not alike(image, other)


@pytest.mark.parametrize("model", [*shown("scale"), *shown("")])
def test_a_picture_that_is_not_here_is_not_asked_for(api: Api, model: str) -> None:
    for url in ("https://example.com/a.png", "data:image/png;base64,AAAA", "http://127.0.0.1:9/x"):
        assert api.image(api.done(model, given(api, model, url))["images"][0]).size >= (1024, 1024)


# Jobs that go on from another.

FOLLOWING = [model for model in SPEC.models if with_role(model, "parent")]
GRIDS = [
    model.id
    for model in SPEC.models.values()
    if "composite" in SPEC.roles(SPEC.api.results[SPEC.result_of(model)].object)
    and not with_role(model.id, "parent")
]


@pytest.mark.parametrize("model", GRIDS)
def test_a_composite_shows_all_pictures(api: Api, model: str) -> None:
    job = api.done(model, least(model))
    grid = api.image(job["composite"])
    width, height = grid.width // 2, grid.height // 2
    assert len(job["images"]) == 4
    for index, url in enumerate(job["images"]):
        left, upper = index % 2 * width, index // 2 * height
        assert alike(grid.crop((left, upper, left + width, upper + height)), api.image(url))


def following(api: Api, model: str, id: str) -> Json:
    [(name, _)] = with_role(model, "parent")
    return put(model, least(model), name, id)


@pytest.mark.parametrize("model", FOLLOWING)
def test_a_job_shows_the_picture_that_it_goes_on_from(api: Api, model: str) -> None:
    before = api.done(GRIDS[0], least(GRIDS[0]))
    request = following(api, model, before["id"])
    for index, url in enumerate(before["images"]):
        if places := with_role(model, "index"):
            request = put(model, request, places[0][0], index + 1)
        elif index:
            break
        after = api.done(model, request)
        assert alike(api.image(after["images"][0]), api.image(url))


@pytest.mark.parametrize("model", FOLLOWING)
def test_a_job_goes_on_from_one_that_is_there(api: Api, model: str, emulator: Emulator) -> None:
    with connected(emulator) as stranger:
        theirs = str(stranger.done(GRIDS[0], least(GRIDS[0]))["id"])
    for id in (str(uuid.uuid4()), theirs):
        answer = api.submit(model, following(api, model, id))
        assert answer.status_code == 400, answer.text
        [(name, _)] = with_role(model, "parent")
        assert name in answer.text


@pytest.mark.parametrize("model", FOLLOWING)
def test_a_job_goes_on_from_one_that_is_done(model: str) -> None:
    with Emulator(job_seconds=1000) as emulator, connected(emulator) as api:
        before = api.done(GRIDS[0], least(GRIDS[0]))
        answer = api.submit(model, following(api, model, str(before["id"])))
        assert answer.status_code == 409, answer.text


def test_pictures_of_pictures_end_somewhere(api: Api) -> None:
    for model in FOLLOWING[:1]:
        job = api.done(GRIDS[0], least(GRIDS[0]))
        for _ in range(20):
            job = api.done(model, following(api, model, str(job["id"])))
        assert api.image(job["images"][0]).format
