"""Takes Apiframe's events with Django: `python webhook_django.py`."""

import os
from concurrent.futures import ThreadPoolExecutor
from threading import Lock

from django.conf import settings
from django.core.management import execute_from_command_line
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from fluxframe import SignatureError, WebhookError, webhooks

API_KEY = os.environ["APIFRAME_API_KEY"]

later = ThreadPoolExecutor(1)
latest: dict[str, webhooks.Event] = {}  # By job. Where there are several processes, a database.
lock = Lock()


@csrf_exempt  # The signature tells who sent it.
@require_POST
def receive(request: HttpRequest) -> HttpResponse:
    try:
        event = webhooks.verify(request.body, request.headers, API_KEY)
    except WebhookError as error:
        status = 401 if isinstance(error, SignatureError) else 400
        return HttpResponse(str(error), status=status, content_type="text/plain")
    with lock:
        if event.supersedes(latest.get(event.job_id)):  # If not, it is a repeat, or late.
            latest[event.job_id] = event
            later.submit(handle, event)  # The answer does not wait for it.
    return HttpResponse(status=204)


def handle(event: webhooks.Event) -> None:
    print(event, *event.image_urls)


urlpatterns = [path("apiframe", receive)]

if __name__ == "__main__":  # A project has settings of its own, and the path in its urls.py.
    settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["127.0.0.1"])
    execute_from_command_line(["", "runserver", "--noreload", "8080"])
