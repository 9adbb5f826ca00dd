"""Files on their way: few at once, made beside the pages, ended where nobody takes them."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from starlette.types import Message
from web_desk import BASE, WebDesk

from monitor.web import streamed
from monitor.web.streamed import Gate, Streamed
from storage.errors import StorageError


class Client:
    """A client of one answer, as a server sees it."""

    def __init__(self, *, method: str = "GET") -> None:
        self.scope = {"type": "http", "method": method, "path": "/download/x", "headers": [], "asgi": {}}
        self.got: list[Message] = []
        self.enough = asyncio.Event()
        self.gone = asyncio.Event()

    async def receive(self) -> Message:
        await self.gone.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        self.got.append(message)
        self.enough.set()

    @property
    def status(self) -> int:
        return int(self.got[0]["status"])


class Pieces:
    """Pieces for ever, made in whichever thread; whether they were let go."""

    def __init__(self) -> None:
        self.made, self.closed = 0, False
        self.threads: set[int] = set()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        self.made += 1
        self.threads.add(threading.get_ident())
        return b"piece"

    def close(self) -> None:
        self.closed = True


def streaming(pieces: Iterator[bytes], gate: Gate, patience: float = 60.0) -> Streamed:
    return Streamed(pieces, gate, media_type="text/csv", name="a.csv", patience=patience)


def test_so_many_at_once_and_a_client_that_hangs_up_ends_the_work() -> None:
    async def run() -> None:
        gate = Gate(2)
        made = [Pieces(), Pieces(), Pieces()]
        clients = [Client() for _ in made]
        tasks = []
        for pieces, client in zip(made[:2], clients, strict=False):
            tasks.append(asyncio.create_task(streaming(pieces, gate)(client.scope, client.receive, client.send)))
            await client.enough.wait()
        await streaming(made[2], gate)(clients[2].scope, clients[2].receive, clients[2].send)
        assert clients[2].status == 503
        assert (b"retry-after", b"30") in clients[2].got[0]["headers"]
        assert made[2].made == 0
        for client, task in zip(clients, tasks, strict=False):
            client.gone.set()
            await task
        assert all(pieces.closed for pieces in made[:2])
        assert all(threading.get_ident() not in pieces.threads for pieces in made)
        again = Client()
        await streaming(iter([b"whole"]), gate)(again.scope, again.receive, again.send)
        assert again.status == 200
        assert again.got[-1] == {"type": "http.response.body", "body": b"", "more_body": False}

    asyncio.run(run())


def test_a_client_that_takes_nothing_is_let_go(caplog: pytest.LogCaptureFixture) -> None:
    async def run() -> None:
        gate, pieces, client = Gate(1), Pieces(), Client()

        async def never(message: Message) -> None:
            await client.send(message)
            if message["type"] == "http.response.body":
                await asyncio.Event().wait()

        await streaming(pieces, gate, patience=0.02)(client.scope, client.receive, never)
        assert pieces.closed
        assert client.got[-1]["more_body"]
        with gate.entered() as room:
            assert room

    asyncio.run(run())
    assert "was cut off" in caplog.text


def test_an_archive_that_fails_cuts_the_file_off(caplog: pytest.LogCaptureFixture) -> None:
    def pieces() -> Iterator[bytes]:
        yield b"one"
        raise StorageError("the database is gone")

    async def run() -> None:
        client = Client()
        await streaming(pieces(), Gate(1))(client.scope, client.receive, client.send)
        assert client.got[-1] == {"type": "http.response.body", "body": b"one", "more_body": True}

    asyncio.run(run())
    assert "the database is gone" in caplog.text


def test_a_full_house_still_shows_its_pages(web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    app = web_desk.app()
    app.state.gate = Gate(0)
    web = TestClient(app, base_url=BASE)
    assert web.get("/download/site/yunxi/changes.csv").status_code == 503
    assert web.head("/download/site/yunxi/changes.csv").status_code == 200
    assert web.get("/downloads?site=yunxi").status_code == 200
    assert streamed.AT_ONCE == 2
