"""Another API, by the same server: an invented spec, whose words, paths, statuses and shapes are its own."""

from __future__ import annotations

import hashlib
import hmac
import io
import json
import sys
import time
import uuid
from collections.abc import Iterator
from importlib import import_module
from typing import Any, TypeAlias

import httpx
import jsonschema_rs
import pytest
import yaml
from PIL import Image

from codegen.emit import tree
from codegen.emit.package import emit
from codegen.spec.load import resolve

from ..servers.http1 import http
from ..servers.scripted import Server

Json: TypeAlias = dict[str, Any]

ATELIER = """\
api:
  title: Atelier
  name: Atelier
  version: "1"
  summary: Prints.
  base_url: https://atelier.example.org
  source: {x: x}
  authentication: {header: X-Pass, scheme: Member, prefix: "", summary: A pass., source: {x: x}}
  environment: {api_key: ATELIER_PASS, base_url: ATELIER_URL}
  request_id_header: x-trace
  idempotency:
    {header: Once, max_length: 9, hours: 1, summary: Once., conflict_status: 423, source: {x: x}}
  polling:
    {first_seconds: 1, factor: 1, maximum_seconds: 1, deadline_seconds: 9, source: {x: x}}
  job:
    object: Print
    initial: filed
    transitions:
      filed: [inked, torn]
      inked: [pressed, torn]
      pressed: [inked, dry, torn]
      dry: []
      torn: []
    succeeded: [dry]
    summary: A print.
    source: {x: x}
  results: {images: {object: Print}}
  webhooks:
    event_header: X-Told
    signature_header: X-Seal
    signature: {scheme: hmac_sha256, prefix: ""}
    events: {changed: Changed}
    summary: One event.
    source: {x: x}
  errors:
    402: {name: InsufficientCredits, object: Short, summary: Too little.}
    403: {name: Unauthorized, object: Problem, summary: No pass.}
    410: {name: NotFound, object: Problem, summary: Gone.}
    418: {name: BadRequest, object: Wrong, summary: Wrong.}
    423: {name: Conflict, object: Problem, summary: Used.}
sources: {x: {title: The manual, summary: All of it.}}
formats:
  link:
    {title: a link, pattern: "[a-z]+:[^ ]+", example: "https://a.example/b", source: {x: x}}
  key: {title: a key, pattern: "[0-9a-f-]{36}", example: 0b54c1de-5f0e-4c55-9b5e-0c8f8f0e6b1a,
    source: {x: x}}
objects:
  Wish:
    summary: A wish.
    properties:
      tell: {type: string, format: link, role: webhook_url, summary: Where to.}
      press: {type: string, required: true, role: discriminator, summary: Which press.}
      text: {type: string, required: true, role: prompt, summary: What.}
  Slip:
    summary: A slip.
    properties:
      nr: {type: string, format: key, role: id, required: true, summary: Its number.}
      is: {type: string, role: status, required: true, summary: How it is.}
  Print:
    summary: A print.
    open: true
    properties:
      nr: {type: string, format: key, role: id, required: true, summary: Its number.}
      is: {type: string, role: status, required: true, summary: How it is.}
      by: {type: string, role: model, required: true, summary: Its press.}
      sheets: {type: array, items: {ref: Sheet}, role: images, required: true, summary: All.}
      why: {type: string, nullable: true, role: error, summary: Why not.}
      told: {type: string, values: [not yet, told, nobody there], role: webhook_status,
        nullable: true, summary: Told.}
      at: {type: integer, role: created_at, required: true, summary: Seconds.}
      until: {type: integer, nullable: true, role: ended_at, required: true, summary: Seconds.}
      paper: {type: string, values: [wove, laid], required: true, summary: Its paper.}
      margin: {type: number, minimum: 2, required: true, summary: Its margin.}
      note: {type: string, summary: A note.}
  Sheet:
    summary: A sheet.
    open: true
    properties:
      link: {type: string, format: link, role: url, required: true, summary: Where.}
      damp: {type: boolean, required: true, summary: Whether it is.}
  Prints:
    summary: Prints.
    open: true
    properties:
      all: {type: array, items: {ref: Print}, role: items, required: true, summary: All.}
      then: {type: string, nullable: true, role: next_cursor, required: true, summary: Next.}
  Stock:
    summary: Stock.
    open: true
    properties: {paper: {type: integer, minimum: 1, required: true, summary: Sheets.}}
  Kept:
    summary: Kept.
    open: true
    properties: {link: {type: string, format: link, role: url, required: true, summary: Where.}}
  Problem:
    summary: A problem.
    open: true
    properties: {says: {type: string, role: message, required: true, summary: What.}}
  Wrong:
    summary: A wrong wish.
    open: true
    properties:
      says: {type: string, role: message, required: true, summary: What.}
      parts: {type: object, additional: {type: array, items: {type: string}}, role: details,
        summary: Which.}
  Short:
    summary: Too little.
    open: true
    properties:
      says: {type: string, role: message, required: true, summary: What.}
      account:
        type: object
        required: true
        summary: The account.
        properties:
          has: {type: number, role: credits_available, required: true, summary: Has.}
          needs: {type: number, role: credits_required, required: true, summary: Needs.}
  Changed:
    summary: A print changed.
    open: true
    properties:
      what: {type: string, values: [changed], role: event, required: true, summary: What.}
      print: {ref: Print, required: true, summary: The print.}
operations:
  prints.make: {method: PUT, path: /prints, summary: Make., body: {request: Wish},
    idempotent_by_key: true, success: {status: 200, object: Slip}, errors: [402, 403, 418, 423],
    source: {x: x}}
  prints.get: {method: GET, path: "/prints/{print_no}", summary: Get., path_parameters:
    {print_no: {type: string, role: id, required: true, summary: Its number.}},
    success: {status: 203, object: Print}, errors: [403, 410], source: {x: x}}
  prints.burn: {method: DELETE, path: "/prints/{print_no}", summary: Burn., path_parameters:
    {print_no: {type: string, role: id, required: true, summary: Its number.}},
    success: {status: 204}, errors: [403, 410], source: {x: x}}
  prints.all: {method: GET, path: /prints, summary: All., query:
    {is: {type: string, role: status, summary: How.},
    from: {type: string, role: cursor, summary: Where.}},
    success: {status: 200, object: Prints}, errors: [403], source: {x: x}}
  stock: {method: GET, path: /stock, summary: Stock., success: {status: 200, object: Stock},
    errors: [403], source: {x: x}}
  bell: {method: POST, path: /bell, summary: Ring., success: {status: 205}, errors: [403],
    source: {x: x}}
  leaves.shelf: {method: POST, path: /files/shelf, summary: Keep., body: {multipart: {
    leaf: {type: file, required: true, summary: The file.},
    days: {type: integer, minimum: 1, maximum: 7, required: true, summary: How long.},
    loud: {type: boolean, summary: Whether.}}},
    success: {status: 202, object: Kept}, errors: [403, 418], source: {x: x}}
families/presses:
  id: presses
  title: Presses
  vendor: Atelier
  operation: prints.make
  source: {x: x}
  parameters:
    many: {type: integer, role: count, summary: How many.}
    measure: {type: string, role: size, sizes: {stamp: {width: 64, height: 48}}, summary: Size.}
    leaf: {type: string, format: link, role: reference, summary: The leaf.}
models/presses/hand:
  id: hand
  title: By hand
  family: presses
  summary: By hand.
  description: Slow.
  discriminator: h
  source: {x: x}
  price: {credits: 30, times: many, source: {x: x}}
  parameters:
    many: {minimum: 1, maximum: 3, default: 2, source: {x: x}}
    measure: {values: [stamp], default: stamp, source: {x: x}}
  examples: {one: {summary: One., source: {x: x}, request: {press: h, text: a fox}}}
models/presses/rubbing:
  id: rubbing
  title: A rubbing
  family: presses
  summary: Of a leaf.
  description: Of a leaf.
  source: {x: x}
  parameters: {leaf: {required: true, source: {x: x}}}
  examples: {one: {summary: One., source: {x: x},
    request: {press: rubbing, text: a fox, leaf: "https://a.example/b"}}}
"""
ENDED = {"dry", "torn"}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The name of a package that is generated from the spec."""
    parts: Json = yaml.safe_load(ATELIER)
    files = {f"{name}.yaml": yaml.safe_dump(part).encode() for name, part in parts.items()}
    folder = tmp_path_factory.mktemp("atelier")
    tree.write(emit(resolve(files)), folder)
    (folder / "fluxframe").rename(folder / "atelier")
    sys.path.insert(0, str(folder))
    try:
        yield "atelier"
    finally:
        sys.path.remove(str(folder))
        for name in [name for name in sys.modules if name.split(".")[0] == "atelier"]:
            del sys.modules[name]


class Atelier:
    """An emulator of the API, its document, and a client that holds answers against it."""

    def __init__(self, package: str, **settings: Any) -> None:
        contract = import_module(f"{package}.emulator._contract.contract").contract()
        self.document: Json = contract.document.raw
        self.emulator = import_module(f"{package}.emulator").Emulator(**settings)

    def __enter__(self) -> Atelier:
        self.emulator.start()
        self.http = httpx.Client(
            base_url=self.emulator.url,
            headers={"X-Pass": f"Member {uuid.uuid4()}"},
            trust_env=False,
            verify=False,
        )
        return self

    def __exit__(self, *exc: object) -> None:
        self.http.close()
        self.emulator.stop()

    def ask(self, method: str, path: str, status: int, object: str | None, **more: Any) -> Any:
        answer = self.http.request(method, path, **more)
        assert answer.status_code == status, answer.text
        if object is None:
            assert answer.content == b""
            return None
        schema = {"$ref": f"#/components/schemas/{object}", "components": self.components}
        faults = [
            str(fault) for fault in jsonschema_rs.validator_for(schema).iter_errors(answer.json())
        ]
        assert not faults, faults
        return answer.json()

    @property
    def components(self) -> Json:
        components: Json = self.document["components"]
        return components

    def make(self, **wish: Any) -> str:
        made = self.ask("PUT", "/prints", 200, "Slip", json={"press": "h", "text": "a fox", **wish})
        return str(made["nr"])

    def get(self, no: str) -> Json:
        print: Json = self.ask("GET", f"/prints/{no}", 203, "Print")
        return print


@pytest.fixture(scope="module")
def atelier(package: str) -> Iterator[Atelier]:
    with Atelier(package, job_seconds=0, credits=1000) as atelier:
        yield atelier


def sizes(atelier: Atelier, print: Json) -> list[tuple[int, int]]:
    files = [atelier.http.get(sheet["link"]).content for sheet in print["sheets"]]
    return [Image.open(io.BytesIO(file)).size for file in files]


def test_the_key_has_its_header_and_scheme(atelier: Atelier) -> None:
    for header in ({"X-Pass": "x"}, {"X-Pass": "Guest x"}, {"X-Pass": "Member"}, {"X-Pass": ""}):
        says = atelier.ask("GET", "/stock", 403, "Problem", headers=header)["says"]
        assert says == "API key is required"
    atelier.ask("GET", "/stock", 200, "Stock", headers={"X-Pass": "member x"})


def test_a_job_has_its_members(atelier: Atelier) -> None:
    before = int(time.time())
    print = atelier.get(atelier.make())
    assert (print["is"], print["by"], print["why"], print["told"]) == ("dry", "hand", None, None)
    assert before <= print["at"] <= print["until"] <= time.time()
    assert [sheet["damp"] for sheet in print["sheets"]] == [False, False]
    assert (print["paper"], print["margin"]) == ("wove", 2)
    assert "note" not in print
    assert sizes(atelier, print) == [(64, 48)] * 2


def test_the_life_of_a_job_goes_through_its_statuses(package: str) -> None:
    with Atelier(package, job_seconds=0.5) as atelier:
        no, seen = atelier.make(), list[Json]()
        while not seen or seen[-1]["is"] not in ENDED:
            seen.append(atelier.get(no))
    assert list(dict.fromkeys(print["is"] for print in seen)) == [
        "filed",
        "inked",
        "pressed",
        "dry",
    ]
    assert all(bool(print["sheets"]) == (print["is"] == "dry") for print in seen)
    assert all((print["until"] is None) == (print["is"] != "dry") for print in seen)


def test_a_wish_that_is_wrong_is_refused(atelier: Atelier) -> None:
    wrong = atelier.ask("PUT", "/prints", 418, "Wrong", json={"press": "h", "text": "x", "many": 4})
    assert list(wrong["parts"]) == ["many"]
    wrong = atelier.ask("PUT", "/prints", 418, "Wrong", json={"press": "hand", "text": "x"})
    assert list(wrong["parts"]) == ["press"]


def test_a_price_is_paid(package: str) -> None:
    with Atelier(package, job_seconds=0, credits=100) as atelier:
        atelier.make(many=3)
        wish = {"press": "h", "text": "a fox", "many": 1}
        short = atelier.ask("PUT", "/prints", 402, "Short", json=wish)
        assert short["account"] == {"has": 10, "needs": 30}


def test_a_key_is_used_once(atelier: Atelier) -> None:
    def make(key: str, text: str, status: int, object: str) -> Json:
        wish = {"press": "h", "text": text}
        said: Json = atelier.ask("PUT", "/prints", status, object, json=wish, headers={"Once": key})
        return said

    assert make("k", "x", 200, "Slip") == make("k", "x", 200, "Slip")
    assert "Once" in make("k", "y", 423, "Problem")["says"]
    assert list(make("k" * 10, "x", 418, "Wrong")["parts"]) == ["once"]


def test_a_job_that_is_deleted_is_gone(atelier: Atelier) -> None:
    no = atelier.make()
    link = atelier.get(no)["sheets"][0]["link"]
    assert no in [
        print["nr"] for print in atelier.ask("GET", "/prints?is=dry", 200, "Prints")["all"]
    ]
    atelier.ask("DELETE", f"/prints/{no}", 204, None)
    for method in ("GET", "DELETE"):
        atelier.ask(method, f"/prints/{no}", 410, "Problem")
    assert atelier.http.get(link).status_code == 404
    listed = atelier.ask("GET", "/prints", 200, "Prints")["all"]
    assert no not in [print["nr"] for print in listed]
    assert atelier.http.post(f"/prints/{no}").status_code == 405


def test_what_is_of_no_kind_is_answered(atelier: Atelier) -> None:
    assert atelier.ask("GET", "/stock", 200, "Stock") == {"paper": 1}
    atelier.ask("POST", "/bell", 205, None)
    atelier.ask("POST", "/bell", 403, "Problem", headers={"X-Pass": ""})


def test_what_goes_wrong_is_said_in_its_words(atelier: Atelier) -> None:
    wish, faults = {"press": "h", "text": "a fox"}, atelier.emulator.faults
    with faults.add(status=503, operation="prints.make", model="hand", times=1) as planned:
        atelier.ask("GET", "/stock", 200, "Stock")
        said = atelier.ask("PUT", "/prints", 503, "Problem", json=wish)
        assert (said["says"], planned.seen) == ("Service Unavailable", 1)
    with faults.add(status=402):
        atelier.ask("PUT", "/prints", 402, "Short", json=wish)
    with faults.add(status=418):
        atelier.ask("GET", "/stock", 418, "Wrong")
    with faults.add(job="fail", reason="It rained"):
        assert atelier.get(atelier.make())["why"] == "It rained"
    with faults.add(job="fail"):
        print = atelier.get(atelier.make())
        assert (print["is"], bool(print["why"])) == ("torn", True)
    with faults.add(job="vanish"):
        atelier.ask("GET", f"/prints/{atelier.make()}", 410, "Problem")
    for words in ({"operation": "images.generate"}, {"model": "flux-2-pro"}, {"path": "/v2/me"}):
        with pytest.raises(ValueError, match="there is no"):
            faults.add(status=503, **words)
    with pytest.raises(ValueError, match=r"job: stock makes no job; expected one of prints\.make"):
        faults.add(job="hang", operation="stock")


def leaf() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (90, 60), (20, 80, 220)).save(file, "PNG")
    return file.getvalue()


def test_a_form_has_its_fields(atelier: Atelier) -> None:
    def keep(status: int, object: str, data: Json, **files: bytes) -> Json:
        said: Json = atelier.ask("POST", "/files/shelf", status, object, data=data, files=files)
        return said

    link = keep(202, "Kept", {"days": "7", "loud": "true"}, leaf=leaf())["link"]
    assert atelier.http.get(link).content == leaf()
    print = atelier.get(atelier.make(press="rubbing", leaf=link))
    assert sizes(atelier, print) == [(90, 60)]
    for data, files, names in (
        ({"days": "8"}, {"leaf": leaf()}, ["days"]),
        ({"days": "1.5"}, {"leaf": leaf()}, ["days"]),
        ({"days": "1", "loud": "yes"}, {"leaf": leaf()}, ["loud"]),
        ({}, {"leaf": leaf()}, ["days"]),
        ({"days": "1"}, {"fruit": leaf()}, ["leaf"]),
        ({"days": "1", "leaf": "text"}, {"fruit": b""}, ["leaf"]),
    ):
        assert sorted(keep(418, "Wrong", data, **files)["parts"]) == names


def test_one_event_is_posted_whenever_something_happens(atelier: Atelier) -> None:
    key = atelier.http.headers["X-Pass"].partition(" ")[2].encode()
    with Server(answer=lambda request: http(200)) as receiver:
        no = atelier.make(tell=f"{receiver.url}/hook")
        while atelier.get(no)["told"] == "not yet":
            time.sleep(0.01)
        assert atelier.get(no)["told"] == "told"
        posts = receiver.requests
    assert [json.loads(post.body)["what"] for post in posts] == ["changed", "changed"]
    assert [json.loads(post.body)["print"]["is"] for post in posts] == ["inked", "dry"]
    for post in posts:
        assert post.headers["x-told"] == "changed"
        assert post.headers["x-seal"] == hmac.new(key, post.body, hashlib.sha256).hexdigest()
    no = atelier.make(tell="http://example.com/")
    while atelier.get(no)["told"] == "not yet":
        time.sleep(0.01)
    assert atelier.get(no)["told"] == "nobody there"


def test_its_jobs_and_requests_are_seen(atelier: Atelier) -> None:
    no = atelier.make(text="two <i>foxes</i>")
    atelier.get(no)
    key = atelier.http.headers["X-Pass"].partition(" ")[2]
    mine = atelier.emulator.requests.of_key(key)
    made = mine.last(method="PUT")
    assert (made.json["text"], made.job, made.status) == ("two <i>foxes</i>", no, 200)
    assert f"{key[:8]}…" == made.key
    assert '-H "x-pass: Member $ATELIER_PASS"' in made.curl()
    job = atelier.http.get("/_emulator/jobs").json()[0]
    assert (job["id"], job["status"], job["prompt"]) == (no, "dry", "two <i>foxes</i>")
    page = atelier.http.get("/").text
    assert "two &lt;i&gt;foxes&lt;/i&gt;" in page
    for image in job["images"]:
        assert image.replace("/files/", "/_emulator/files/") in page
    told = [*map(repr, mine), page, json.dumps([each.as_json() for each in mine])]
    assert all(key not in text for text in told)
