"""Takes Apiframe's events with the standard library alone: `python webhook_stdlib.py`."""

import os
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, HTTPServer

from fluxframe import SignatureError, WebhookError, webhooks

API_KEY = os.environ["APIFRAME_API_KEY"]

later = ThreadPoolExecutor(1)
latest: dict[str, webhooks.Event] = {}  # By job. Where it must outlive the process, a database.


class Receiver(BaseHTTPRequestHandler):
    timeout = 5  # Requests come one by one, and none may hold up the next.

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(min(size, 1 << 20))  # Events are small; a cut one is refused.
        try:
            event = webhooks.verify(body, self.headers, API_KEY)
        except WebhookError as error:
            self.send_error(401 if isinstance(error, SignatureError) else 400, str(error))
            return
        if event.supersedes(latest.get(event.job_id)):  # If not, it is a repeat, or late.
            latest[event.job_id] = event
            later.submit(handle, event)  # The answer does not wait for it.
        self.send_response(204)
        self.end_headers()


def handle(event: webhooks.Event) -> None:
    print(event, *event.image_urls)


if __name__ == "__main__":
    HTTPServer(("", 8080), Receiver).serve_forever()
