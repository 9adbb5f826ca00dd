"""The pages served: at an address, beside a service, told when they cannot be, ended without a trace."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from command_line import Run
from web_desk import WebDesk

from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor.config import WebSection, load_settings
from monitor.service import Service
from monitor.web import prompt
from monitor.web.serving import Pages, PortTaken, beside, pages_of
from storage.sql import open_archive

SITES = """
sites:
  yunxi:
    name: 云溪发布
    columns: [http://127.0.0.1:9/news/]
service: {tick: 1h}
"""


def home(folder: Path, web: str) -> Path:
    (folder / "sites.yaml").write_text(SITES + f"web: {{{web}}}\n", "utf-8")
    return folder


async def ask(address: str, **headers: str) -> int:
    async with httpx.AsyncClient(trust_env=False) as client:
        return (await client.get(address, headers=headers)).status_code


def test_they_open_and_close(web_desk: WebDesk) -> None:
    async def live() -> None:
        pages = Pages(web_desk.app(), WebSection(port=0))
        pages.start()
        assert await ask(pages.address + "healthz") == 200
        assert await ask(pages.address, host="evil.example") == 421
        await pages.stop()
        await pages.stop()
        with pytest.raises(httpx.ConnectError):
            await ask(pages.address)

    asyncio.run(live())


@contextlib.asynccontextmanager
async def talk(address: str, said: bytes = b"") -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """A connection on which so much was said."""
    parts = urlsplit(address)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(said)
    yield reader, writer
    writer.close()
    with contextlib.suppress(ConnectionError):
        await writer.wait_closed()


async def is_left(reader: asyncio.StreamReader) -> bool:
    """Whether the other side hangs up without a word, soon."""
    try:
        return await asyncio.wait_for(reader.read(), 5) == b""
    except ConnectionError:
        return True


WHOLE = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


@pytest.mark.parametrize(
    "half",
    [b"", WHOLE[:30], b"POST /enter HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\nx"],
    ids=["nothing", "half a head", "half a body"],
)
def test_who_does_not_come_to_the_point_is_left(
    web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch, half: bytes
) -> None:
    """And who does is not, however long ago they came."""
    monkeypatch.setattr(prompt, "WHOLE_WITHIN", 0.2)

    async def live() -> None:
        pages = Pages(web_desk.app(), WebSection(port=0))
        pages.start()
        async with talk(pages.address, WHOLE) as (honest, asking):
            assert b"200 OK" in await honest.readuntil(b"ok\n")
            async with talk(pages.address, half) as (silent, _):
                assert await is_left(silent)
            asking.write(WHOLE)
            assert b"200 OK" in await honest.readuntil(b"ok\n")
            asking.write(WHOLE[:9])
            assert await is_left(honest)
        await pages.stop()

    asyncio.run(live())


def test_one_client_does_not_take_all_the_places(web_desk: WebDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(prompt, "FROM_ONE", 1)

    async def live() -> None:
        pages = Pages(web_desk.app(), WebSection(port=0))
        pages.start()
        async with talk(pages.address, WHOLE) as (honest, asking):
            assert b"200 OK" in await honest.readuntil(b"ok\n")
            async with talk(pages.address, WHOLE) as (other, _):
                assert await is_left(other)
            asking.write(WHOLE)
            assert b"200 OK" in await honest.readuntil(b"ok\n")
        await pages.stop()

    asyncio.run(live())


def test_they_leave_signals_to_whoever_runs_the_loop(web_desk: WebDesk) -> None:
    async def live() -> bool:
        heard, loop = asyncio.Event(), asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, heard.set)
        pages = Pages(web_desk.app(), WebSection(port=0))
        pages.start()
        await ask(pages.address + "healthz")
        os.kill(os.getpid(), signal.SIGTERM)
        await asyncio.wait_for(heard.wait(), 5)
        alive = await ask(pages.address + "healthz") == 200
        await pages.stop()
        loop.remove_signal_handler(signal.SIGTERM)
        return alive

    assert asyncio.run(live())


def test_an_address_that_is_taken_is_told(web_desk: WebDesk) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"127.0.0.1:{port}"):
            Pages(web_desk.app(), WebSection(port=port)).start()


def test_a_service_whose_address_is_taken_goes_on_watching(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async def live(service: Service) -> bool:
        running = asyncio.create_task(service.run())
        while not any("goes on without pages" in one.getMessage() for one in caplog.records) and not running.done():
            await asyncio.sleep(0)
        watching = not running.done()
        service.stop()
        await running
        return watching

    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        folder = home(tmp_path, f"port: {other.getsockname()[1]}")
        assert asyncio.run(live(Service(folder, open_pages=beside)))


def test_a_service_shows_its_archive_and_says_where(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    opened: list[Pages] = []

    def noted(service: Service) -> Pages | None:
        pages = beside(service)
        assert pages is not None
        opened.append(pages)
        return pages

    async def live() -> int:
        service = Service(home(tmp_path, "port: 0"), open_pages=noted)
        running = asyncio.create_task(service.run())
        while not opened:
            await asyncio.sleep(0)
        status = await ask(opened[0].address + "enter")
        service.stop()
        await running
        with pytest.raises(httpx.ConnectError):
            await ask(opened[0].address)
        return status

    assert asyncio.run(live()) == 200
    assert opened[0].address in caplog.text


def test_pages_can_be_left_out(tmp_path: Path) -> None:
    folder = home(tmp_path, "on: no")
    service = Service(folder)
    service.catalogue = load_catalogue(folder)
    service.settings = load_settings(service.catalogue)
    assert beside(service) is None


@pytest.mark.parametrize(
    "web", ["host: 0.0.0.0", "hosts: [archive.example.cn]", "address: 'https://archive.example.cn'"]
)
def test_pages_for_others_want_a_token_and_say_so_with_the_line(tmp_path: Path, web: str) -> None:
    catalogue = load_catalogue(home(tmp_path, web))
    archive = open_archive(catalogue.database)
    try:
        with pytest.raises(ConfigError, match=r"sites.yaml:\d+: web: .*token"):
            pages_of(catalogue, archive, load_settings(catalogue), lambda: datetime.now(UTC))
    finally:
        archive.close()


def test_pages_for_others_are_warned_of(web_desk: WebDesk, caplog: pytest.LogCaptureFixture) -> None:
    async def live() -> None:
        web = WebSection.model_validate({"host": "0.0.0.0", "port": 0, "token": "a-token-that-nobody-guesses"})
        pages = Pages(web_desk.app(host="0.0.0.0", token="a-token-that-nobody-guesses"), web)
        pages.start()
        await pages.stop()

    asyncio.run(live())
    assert "0.0.0.0" in caplog.text
    assert "nobody-guesses" not in caplog.text


def test_the_command_says_why_it_cannot(run: Run, tmp_path: Path) -> None:
    home(tmp_path, "on: yes")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        taken = run("web", "--port", port)
    assert (taken.status, taken.out) == (1, "")
    assert f"127.0.0.1:{port}" in taken.err
    home(tmp_path, "host: 0.0.0.0")
    opened = run("web")
    assert opened.status == 2
    assert "sites.yaml:" in opened.err
    assert "token" in opened.err


def test_the_command_serves_until_it_is_told_to_end(tmp_path: Path) -> None:
    home(tmp_path, "on: no")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "web", "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment)
    try:
        assert process.stderr is not None
        address = process.stderr.readline().split()[-1]
        assert asyncio.run(ask(address + "healthz")) == 200
        process.terminate()
        assert process.wait(30) == 0
        assert "Traceback" not in process.stderr.read()
    finally:
        process.kill()
        process.communicate()
