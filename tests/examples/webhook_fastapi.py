"""Takes Apiframe's events with FastAPI: `uvicorn webhook_fastapi:app`."""

import os

from fastapi import BackgroundTasks, FastAPI, HTTPException, Request

from fluxframe import SignatureError, WebhookError, webhooks

API_KEY = os.environ["APIFRAME_API_KEY"]

app = FastAPI()
latest: dict[str, webhooks.Event] = {}  # By job. Where it must outlive the process, a database.


@app.post("/apiframe", status_code=204)
async def receive(request: Request, later: BackgroundTasks) -> None:
    try:
        event = webhooks.verify(await request.body(), request.headers, API_KEY)
    except WebhookError as error:
        status = 401 if isinstance(error, SignatureError) else 400
        raise HTTPException(status, str(error)) from None
    if event.supersedes(latest.get(event.job_id)):  # If not, it is a repeat, or late.
        latest[event.job_id] = event
        later.add_task(handle, event)  # The answer does not wait for it.


def handle(event: webhooks.Event) -> None:
    print(event, *event.image_urls)
