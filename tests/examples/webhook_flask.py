"""Takes Apiframe's events with Flask: `flask --app webhook_flask run`."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from flask import Flask, request

from fluxframe import SignatureError, WebhookError, webhooks

API_KEY = os.environ["APIFRAME_API_KEY"]

app = Flask(__name__)
later = ThreadPoolExecutor(1)
latest: dict[str, webhooks.Event] = {}  # By job. Where there are several processes, a database.
lock = Lock()


@app.post("/apiframe")
def receive() -> tuple[str, int]:
    try:
        event = webhooks.verify(request.get_data(), request.headers, API_KEY)
    except WebhookError as error:
        return str(error), 401 if isinstance(error, SignatureError) else 400
    with lock:
        if event.supersedes(latest.get(event.job_id)):  # If not, it is a repeat, or late.
            latest[event.job_id] = event
            later.submit(handle, event)  # The answer does not wait for it.
    return "", 204


def handle(event: webhooks.Event) -> None:
    print(event, *event.image_urls)
