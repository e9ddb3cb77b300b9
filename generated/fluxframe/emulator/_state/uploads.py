# A copy of codegen/runtime/emulator/_state/uploads.py, where it is edited.
"""Files that were uploaded: rows beside their contents, until they expire."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from .._contract.shape import Known
from .ids import bytes_of, new_id, text_of
from .job import moment
from .schema import DataError
from .store import Store

# Of all uploads together; the oldest go first.
MOST_BYTES, MOST_BYTES_ON_DISK = 128 << 20, 1 << 30
_FOLDER = "emulator.uploads"
# How long they are kept where the document does not say it.
_KEPT_SECONDS = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """An uploaded file; `created` is the time of day."""

    id: str
    kind: str
    content_type: str
    size: int
    created: float
    kept_seconds: float

    def known(self, base_url: str) -> Known:
        """What can be told of the upload; `base_url` is where uploads are."""
        return Known(
            {
                "id": self.id,
                "url": f"{base_url}/{self.id}",
                "kind": self.kind,
                "content_type": self.content_type,
                "size": self.size,
                "expires_at": moment(self.created + self.kept_seconds),
            }
        )


class Uploads:
    """The uploads of a store. Contents are in memory, or in the store's folder."""

    def __init__(self, store: Store, *, most_bytes: int | None = None) -> None:
        self._store = store
        self._folder = None if store.folder is None else store.folder / _FOLDER
        usual = MOST_BYTES if self._folder is None else MOST_BYTES_ON_DISK
        self._most_bytes = usual if most_bytes is None else most_bytes
        self._contents: dict[str, bytes] = {}
        said = (
            operation.raw.get("x-kept-seconds")
            for operation in store.home.document.operations
            if operation.kind == "upload"
        )
        self.kept_seconds: float = next((float(s) for s in said if s), _KEPT_SECONDS)
        self._clean()

    def _clean(self) -> None:
        """Remove files that no row tells of, such as of an upload that was cut short."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            self._store.close()
            raise DataError(
                f"data: {self._folder} is not a folder that can be used ({error})"
            ) from None
        with self._store.lock:
            rows = self._store.db.execute("SELECT id FROM uploads").fetchall()
        known = {text_of(raw) for (raw,) in rows}
        for path in self._folder.iterdir():
            # A file that has another name is not ours.
            if path.name not in known and bytes_of(path.name) is not None:
                with contextlib.suppress(OSError):
                    path.unlink()

    def add(self, account: int, kind: str, content_type: str, content: bytes) -> Upload:
        """Keep a file. It may take a while."""
        clock = self._store.clock
        upload = Upload(
            id=new_id(),
            kind=kind,
            content_type=content_type,
            size=len(content),
            created=clock.shown(),
            kept_seconds=self.kept_seconds,
        )
        # The content first: a row is a promise that it is there.
        if self._folder is None:
            self._contents[upload.id] = content
        else:
            (self._folder / upload.id).write_bytes(content)
        row = (bytes_of(upload.id), account, kind, content_type, upload.size, upload.created)
        with self._store.lock:
            self._store.db.execute(
                "INSERT INTO uploads (id, account, kind, content_type, size, created, expires) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (*row, clock.now() + self.kept_seconds),
            )
            self._forget()
        return upload

    def _forget(self) -> None:
        """Forget those that have expired, and the oldest of those that there is no room for."""
        now, total = self._store.clock.now(), 0
        rows = self._store.db.execute(
            "SELECT id, size, expires FROM uploads ORDER BY number DESC"
        ).fetchall()
        for raw, size, expires in rows:
            total += size
            if expires <= now or total > max(self._most_bytes, rows[0][1]):
                self._remove(raw)

    def _remove(self, raw: bytes) -> None:
        self._store.db.execute("DELETE FROM uploads WHERE id = ?", (raw,))
        id = text_of(raw)
        self._contents.pop(id, None)
        if self._folder is not None:
            with contextlib.suppress(OSError):
                (self._folder / id).unlink()

    def reset(self, account: int | None = None) -> None:
        """Forget those of an account, or all."""
        with self._store.lock:
            for raw, of in self._store.db.execute("SELECT id, account FROM uploads").fetchall():
                if account in (None, of):
                    self._remove(raw)

    def get(self, id: str) -> tuple[bytes, str] | None:
        """The content of an upload and its type; None if there is none, or no longer."""
        with self._store.lock:
            row = self._store.db.execute(
                "SELECT content_type, expires FROM uploads WHERE id = ?", (bytes_of(id),)
            ).fetchone()
        if row is None or row[1] <= self._store.clock.now():
            return None
        content = self._content(id.lower())
        return None if content is None else (content, row[0])

    def _content(self, id: str) -> bytes | None:
        if self._folder is None:
            return self._contents.get(id)
        path: Path = self._folder / id
        try:
            return path.read_bytes()
        except OSError:
            return None
