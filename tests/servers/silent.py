"""Ports at which no request is answered."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def refusing() -> Iterator[str]:
    """The URL of a port that nobody listens on, and that nobody else can take."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"


@contextlib.contextmanager
def silent() -> Iterator[tuple[str, socket.socket]]:
    """The URL of a port where connections are taken up and left to themselves, and its listener."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", listener


@contextlib.contextmanager
def slow_reader() -> Iterator[str]:
    """The URL of a server that takes some MB of a request in a second, and never answers."""
    gone = threading.Event()

    def read(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            while not gone.wait(0.03) and connection.recv(65536):
                pass

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                readers.append(threading.Thread(target=read, args=(connection,)))
                readers[-1].start()

    readers: list[threading.Thread] = []
    with silent() as (url, listener):
        accepting = threading.Thread(target=accept)
        accepting.start()
        try:
            yield url
        finally:
            gone.set()
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
            for thread in (accepting, *readers):
                thread.join()
