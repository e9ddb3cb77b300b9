"""Keys that are listed: credits, admins, inactive ones; requests a minute and jobs at once."""

from __future__ import annotations

import json
import uuid
from pathlib import Path
from typing import Any

import httpx
import pytest

from fluxframe.emulator import Emulator, Key
from fluxframe.emulator._state.keys import read_keys

from .conftest import JOBS, ME, UPLOADS, Connect, credits_of, job_of, request_of, submit

LISTED = [
    Key("afk_anna_1", credits=8, admin=True, name="Anna's"),
    Key("afk_ben_22"),
    Key("afk_cleo_3", active=False),
    Key("afk_dora_4", admin=True, team="Other"),
]


def ids(api: httpx.Client, **query: object) -> list[str]:
    return [job["id"] for job in api.get(JOBS, params=dict(query)).json()["jobs"]]  # type: ignore[arg-type]


def test_only_listed_keys_are_good(connect: Connect) -> None:
    with Emulator(keys=LISTED, credits=50) as emulator:
        answers = {
            key: connect(emulator, key).get(ME)
            for key in ("afk_anna_1", "afk_ben_22", "afk_cleo_3", "afk_else")
        }
    assert [answer.status_code for answer in answers.values()] == [200, 200, 403, 401]
    assert answers["afk_cleo_3"].json() == {"error": "API key is inactive"}
    anna, ben = answers["afk_anna_1"].json(), answers["afk_ben_22"].json()
    assert (anna["user"]["role"], ben["user"]["role"]) == ("ADMIN", "MEMBER")
    assert (anna["team"]["credits"], ben["team"]["credits"]) == (8, 50)
    assert anna["team"]["id"] == ben["team"]["id"]
    assert anna["user"]["id"] != ben["user"]["id"]
    assert (anna["apiKey"]["name"], anna["apiKey"]["prefix"]) == ("Anna's", "afk_anna")
    for told in (anna["user"], anna["team"], anna["apiKey"]):
        assert str(uuid.UUID(told["id"])) == told["id"]


def test_an_inactive_key_is_refused_everywhere(connect: Connect) -> None:
    with Emulator(keys=LISTED) as emulator:
        api = connect(emulator, "afk_cleo_3")
        for path in (ME, JOBS, f"{JOBS}/{uuid.uuid4()}"):
            assert api.get(path).status_code == 403
        assert api.post("/v2/images/generate", json=request_of()).status_code == 403
        assert api.post(UPLOADS, files={"file": b"x"}).status_code == 403
        assert api.get("/v2/models").status_code == 200
        assert len(emulator.jobs) == 0


def test_an_admin_sees_the_jobs_of_the_team(connect: Connect) -> None:
    with Emulator(keys=LISTED) as emulator:
        anna, ben, dora = (connect(emulator, k) for k in ("afk_anna_1", "afk_ben_22", "afk_dora_4"))
        own, of_ben, of_dora = submit(anna), submit(ben), submit(dora)
        assert ids(anna) == ids(anna, scope="user") == [own]
        assert ids(anna, scope="team") == [of_ben, own]
        assert ids(anna, scope="team", limit=1, cursor=of_ben) == [own]
        assert ids(anna, scope="team", search=of_ben) == [of_ben]
        assert ids(anna, search=of_ben) == ids(anna, scope="team", search=of_dora) == []
        assert ids(dora, scope="team") == [of_dora]
        refused = ben.get(JOBS, params={"scope": "team"})
        assert (refused.status_code, list(refused.json())) == (403, ["error"])
        assert job_of(anna, of_ben)["id"] == of_ben
        assert ben.get(f"{JOBS}/{own}").status_code == 404


def test_any_key_is_its_own_team(connect: Connect) -> None:
    with Emulator() as emulator:
        one, other = connect(emulator), connect(emulator)
        id = submit(one)
        assert ids(one, scope="team") == [id]
        assert ids(other, scope="team") == []
        assert "maxConcurrentJobs" not in one.get(ME).json()["team"]


def test_the_client_without_a_key_has_the_first_that_may_be_used() -> None:
    with Emulator(keys=[LISTED[2], LISTED[0]]) as emulator, emulator.client() as client:
        assert client.me().api_key.name == "Anna's"  # type: ignore[union-attr]


def test_credits_of_a_key_run_out(connect: Connect) -> None:
    with Emulator(keys=LISTED) as emulator:
        api = connect(emulator, "afk_anna_1")
        submit(api)
        submit(api)
        refused = api.post("/v2/images/generate", json=request_of())
        assert refused.status_code == 402
        assert refused.json()["creditsRequired"] == 4
        assert refused.json()["creditsAvailable"] == 0
        emulator.reset("afk_anna_1")
        assert credits_of(api) == 8
        assert ids(api) == []


@pytest.mark.parametrize("key", [b"afk_\xe9", b"afk_" + b"x" * 60_000, b"afk_a\tb"])
def test_what_can_be_no_key_is_a_key_that_is_not_good(connect: Connect, key: bytes) -> None:
    with Emulator() as emulator:
        answer = connect(emulator).get(ME, headers=[(b"X-API-Key", key)])
    assert (answer.status_code, answer.json()) == (401, {"error": "Invalid API key"})


def test_a_key_is_not_shown_whole() -> None:
    assert "afk_secret_key" not in repr(Key("afk_secret_key"))
    for keys in ([Key("afk_secret_key")] * 2, [Key("sk_afk_secret_key")], ["afk_secret_key"]):
        with pytest.raises(ValueError, match="keys") as caught:
            Emulator(keys=keys)  # type: ignore[arg-type]
        assert "secret_key" not in str(caught.value)


def test_requests_a_minute_are_counted_by_key(connect: Connect) -> None:
    with Emulator(requests_per_minute=3) as emulator:
        api, other = connect(emulator), connect(emulator)
        assert [api.get(ME).status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = api.get(JOBS)
        assert refused.status_code == 429
        assert refused.json() == {"error": "Rate limit exceeded"}
        assert 1 <= int(refused.headers["Retry-After"]) <= 60
        assert other.get(ME).status_code == 200
        assert api.get("/v2/models").status_code == 200
        emulator.clock.advance(int(refused.headers["Retry-After"]))
        assert api.get(ME).status_code == 200


def test_jobs_at_once_are_counted_by_key(connect: Connect) -> None:
    with Emulator(jobs_at_once=2, job_seconds=30) as emulator:
        api = connect(emulator)
        assert api.get(ME).json()["team"]["maxConcurrentJobs"] == 2
        submit(api)
        submit(api, headers={"Idempotency-Key": "k"})
        refused = api.post("/v2/images/generate", json=request_of())
        assert refused.status_code == 429
        assert 1 <= int(refused.headers["Retry-After"]) <= 30
        submit(api, headers={"Idempotency-Key": "k"})  # A job that there is is no new one.
        submit(connect(emulator))
        emulator.clock.advance(30)
        submit(api)


@pytest.mark.parametrize("name", ["requests_per_minute", "jobs_at_once"])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}: 0 is below the minimum of 1"):
        Emulator(**{name: 0})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", ["credits", "credits_per_megapixel", "jobs_at_once"])
@pytest.mark.parametrize("value", [-1, 2**60, 1.5, float("nan"), "7"])
def test_what_can_not_be_counted_is_refused(name: str, value: Any) -> None:
    with pytest.raises(ValueError, match=f"{name}: '?{value}'? is (not a whole|below|above)"):
        Emulator(**{name: value})


# What can't be a key.


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        ([], "keys: there are none"),
        ([Key("sk_x")], "'sk…' does not begin with 'afk_'"),
        ([Key("afk_x"), Key("afk_x")], r"keys\[1\]: 'af…' is there twice"),
        (["afk_x"], r"is not a Key; pass keys=\[Key"),
    ],
)
def test_a_list_of_keys_that_can_not_be(keys: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Emulator(keys=keys)


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"key": ""}, "key: '' is not a text"),
        ({"key": "afk_ä"}, "can't be sent in a header"),
        ({"key": "afk_x "}, "can't be sent in a header"),
        ({"key": 5}, "key: 5 is not a text"),
        ({"key": "afk_x", "credits": -1}, "credits: -1 is not a whole number"),
        ({"key": "afk_x", "credits": 1.5}, "credits: 1.5 is not a whole number"),
        ({"key": "afk_x", "credits": True}, "credits: True is not a whole number"),
        ({"key": "afk_x", "active": "no"}, "active: 'no' is neither true nor false"),
        ({"key": "afk_x", "name": ""}, "name: '' is not a text"),
    ],
)
def test_a_key_that_can_not_be(said: dict[str, Any], text: str) -> None:
    with pytest.raises(ValueError, match=text):
        Key(**said)


def test_keys_are_read_of_a_file(tmp_path: Path) -> None:
    toml, other = tmp_path / "keys.toml", tmp_path / "keys.json"
    toml.write_text('[[keys]]\nkey = "afk_a"\ncredits = 5\n[[keys]]\nkey = "afk_b"\nadmin = true\n')
    other.write_text(json.dumps([{"key": "afk_a", "credits": 5}, {"key": "afk_b", "admin": True}]))
    expected = [Key("afk_a", credits=5), Key("afk_b", admin=True)]
    assert read_keys(toml) == read_keys(other) == expected
    other.write_text('{"keys": ["afk_a"]}')
    assert read_keys(other) == [Key("afk_a")]


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("k.toml", b"[[keys", "is not valid TOML"),
        ("k.json", b"[" * 100_000, "is not valid JSON"),
        ("k.json", b'{"key": "afk_a"}', "has no list of keys"),
        ("k.json", b"[5]", r"keys\[0\]: 5 is not a key"),
        (
            "k.toml",
            b'[[keys]]\nkey = "afk_a"\ncredit = 5',
            "'credit' is unknown; expected key, credits",
        ),
        ("k.toml", b"[[keys]]\ncredits = 5", r"keys\[0\]: key is missing"),
        ("k.toml", b'[[keys]]\nkey = "afk_a"\ncredits = "5"', r"keys\[0\]: credits: '5' is not"),
        ("k.toml", b"\xff", "can't be read"),
    ],
)
def test_a_file_of_keys_that_can_not_be(
    tmp_path: Path, name: str, content: bytes, text: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ValueError, match=text):
        read_keys(path)
    with pytest.raises(ValueError, match="can't be read"):
        read_keys(tmp_path / "missing.toml")
