"""What becomes of thumbnails when things go wrong: `pytest tests_of_thumbnails.py`."""

import pytest
from thumbnails import PLACEHOLDER, BusyError, Thumbnails

from fluxframe.emulator import WebhookFaults


@pytest.fixture
def thumbnails(emulator, emulator_client):
    return Thumbnails(emulator_client, emulator.api_key, hook="http://127.0.0.1:9/hook")


def test_a_webhook_brings_the_picture(emulator, thumbnails):
    thumbnails.order("news/1", "a red fox in the snow")
    posted = emulator.webhooks.wait_for(event="completed")[0]
    thumbnails.told(posted.body, {"X-Webhook-Signature": posted.signature})
    assert thumbnails.found["news/1"].startswith(emulator.url)


def test_a_job_that_fails_leaves_the_placeholder(emulator, thumbnails):
    emulator.faults.add(operation="images.generate", job="fail", reason="Content policy")
    thumbnails.order("news/1", "a red fox in the snow")
    thumbnails.sweep()
    assert thumbnails.found == {"news/1": PLACEHOLDER}
    assert thumbnails.client.me().team.credits == 10_000  # It was refunded.


def test_too_many_orders_are_told_when_to_come_again(emulator, thumbnails):
    emulator.faults.add(operation="images.generate", status=429, retry_after=120)
    with pytest.raises(BusyError) as caught:
        thumbnails.order("news/1", "a red fox in the snow")
    assert caught.value.seconds == 120
    assert emulator.requests.one(path="/v2/images/*").json["model"] == "flux-2-pro"


def test_a_webhook_that_is_lost_is_made_up_for(emulator, thumbnails):
    emulator.webhooks.faults = WebhookFaults(lose=1)
    thumbnails.order("news/1", "a red fox in the snow")
    job = emulator.webhooks.wait_for(outcome="lost")[0].job
    assert thumbnails.ordered == {job: "news/1"}
    thumbnails.sweep()
    assert thumbnails.found["news/1"].startswith(emulator.url)
