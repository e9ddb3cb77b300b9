"""Makes a thumbnail for each article: its webhook is believed, and what is silent is asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from fluxframe import Fluxframe, RateLimitError, webhooks

PLACEHOLDER = "/static/no-thumbnail.png"


class BusyError(Exception):
    """Too much was ordered; `seconds` says when to order again."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"come again in {seconds:.0f} s")
        self.seconds = seconds


@dataclass
class Thumbnails:
    client: Fluxframe
    api_key: str
    hook: str  # The URL by which `told` is called.
    ordered: dict[str, str] = field(default_factory=dict)  # The articles by their jobs.
    found: dict[str, str] = field(default_factory=dict)  # The pictures by their articles.

    def order(self, article: str, title: str) -> None:
        try:
            job = self.client.images.generate(
                model="flux-2-pro",
                prompt=title,
                aspect_ratio="1:1",
                webhook_url=self.hook,
                webhook_events=["completed", "failed"],
            )
        except RateLimitError as error:  # The client has waited already, but not for minutes.
            raise BusyError(error.retry_after or 60) from error
        self.ordered[job.id] = article

    def told(self, body: bytes, headers: Mapping[str, str]) -> None:
        event = webhooks.verify(body, headers, self.api_key)
        if event.job_id in self.ordered and event.image_urls:
            self.found[self.ordered.pop(event.job_id)] = event.image_urls[0]

    def sweep(self) -> None:
        """Ask for what no webhook has told; once a minute will do."""
        for id, article in list(self.ordered.items()):
            job = self.client.jobs.get(id)
            if job.ended:
                self.found[article] = job.images[0].url if job.images else PLACEHOLDER
                del self.ordered[id]
