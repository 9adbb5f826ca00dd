"""Child processes as their launcher holds them: begun one by one, or forked by a nursery that has all they need."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, Self

LINE_LIMIT = 1 << 20
ENDS_WITHIN = 5.0
"""Seconds that a nursery which was hung up on has to end: it may still be loading."""


class Hand(Protocol):
    """A child process that crawls."""

    @property
    def stdout(self) -> asyncio.StreamReader:
        """Its events, a line of JSON each."""
        ...

    @property
    def returncode(self) -> int | None:
        """Its exit status, below 0 the signal that ended it; ``None`` while it runs."""
        ...

    def send_signal(self, number: int, /) -> None:
        """Send it a signal, if it still runs."""
        ...

    async def wait(self) -> int:
        """Its exit status, once it has ended."""
        ...


async def begin(command: Sequence[str], environment: Mapping[str, str], log: Path) -> Hand:
    """A child with an interpreter of its own. What it says besides events goes to the end of ``log``."""
    with open(log, "ab") as written:
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=written,
            env=environment,
            limit=LINE_LIMIT,
        )
    return _Begun(process)


class _Begun:
    """A process of the standard library."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        self.stdout = process.stdout
        self._process = process

    @property
    def returncode(self) -> int | None:
        return self._process.returncode

    def send_signal(self, number: int, /) -> None:
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def wait(self) -> int:
        return await self._process.wait()


class _Forked:
    """A fork of a nursery, which alone may signal it and hears of its end."""

    def __init__(self, number: int, line: _Line, stdout: asyncio.StreamReader) -> None:
        self.number, self._line, self.stdout = number, line, stdout
        self._ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    @property
    def returncode(self) -> int | None:
        return self._ended.result() if self._ended.done() else None

    def send_signal(self, number: int, /) -> None:
        if not self._ended.done():
            self._line.say({"number": self.number, "signal": number})

    async def wait(self) -> int:
        return await asyncio.shield(self._ended)

    def end(self, code: int) -> None:
        """It has ended with this status."""
        if not self._ended.done():
            self._ended.set_result(code)


class Nursery:
    """Forks crawls (``crawler.nursery``). Its process begins with the first of them, and anew if it was lost.

    ``environment`` is what the crawls find. Of one event loop; ``close`` ends the process, with crawls that still run.
    """

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._line: _Line | None = None
        self._numbers = itertools.count(1)
        self._beginning = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def fork(self, given: Sequence[str], log: Path) -> Hand:
        """A child that crawls with these arguments. What it says besides events goes to the end of ``log``."""
        async with self._beginning:
            if self._line is None or self._line.lost:
                self._line = await _Line.begun(self._environment, log)
        return await self._line.fork(next(self._numbers), given, log)

    async def close(self) -> None:
        """End it; another crawl would begin another."""
        if self._line is not None:
            await self._line.close()
            self._line = None


class _Line:
    """A nursery's process, and the socket on which it is spoken to."""

    def __init__(self, process: asyncio.subprocess.Process, ours: socket.socket) -> None:
        self._process, self._socket = process, ours
        self._forks: dict[int, _Forked] = {}
        self._read = b""
        self.lost = False
        asyncio.get_running_loop().add_reader(ours, self._hear)

    @classmethod
    async def begun(cls, environment: Mapping[str, str], log: Path) -> _Line:
        ours, theirs = socket.socketpair()
        with contextlib.ExitStack() as opened:
            opened.enter_context(ours)
            with theirs, open(log, "ab") as written:
                # -P keeps the current folder out of the import path: a home may hold a folder named storage.
                process = await asyncio.create_subprocess_exec(
                    *(sys.executable, "-P", "-m", "crawler.nursery"),
                    stdin=theirs.fileno(),
                    stdout=asyncio.subprocess.DEVNULL,
                    stderr=written,
                    env=environment,
                )
            # Cancelled before, or without a log to write to, nothing stays open.
            opened.pop_all()
        return cls(process, ours)

    async def fork(self, number: int, given: Sequence[str], log: Path) -> _Forked:
        read, write = os.pipe()
        try:
            stdout = asyncio.StreamReader(LINE_LIMIT)
            # Known before anything is waited for: whatever happens meanwhile ends it as well.
            fork = self._forks[number] = _Forked(number, self, stdout)
            await asyncio.get_running_loop().connect_read_pipe(
                lambda: asyncio.StreamReaderProtocol(stdout), os.fdopen(read, "rb", 0)
            )
            self.say({"number": number, "given": list(given), "log": str(log)}, write)
        finally:
            os.close(write)
        return fork

    def say(self, order: dict[str, Any], *descriptors: int) -> None:
        """Send a line; to a nursery that is gone it says nothing, which is then heard as well."""
        with contextlib.suppress(OSError):
            socket.send_fds(self._socket, [json.dumps(order).encode() + b"\n"], descriptors)

    def _hear(self) -> None:
        try:
            some = self._socket.recv(1 << 16, socket.MSG_DONTWAIT)
        except BlockingIOError:
            return
        except OSError:
            some = b""
        *lines, self._read = (self._read + some).split(b"\n")
        for line in lines:
            told = json.loads(line)
            self._forks.pop(told["number"]).end(told["code"])
        if not some:
            self._lose()

    def _lose(self) -> None:
        """Nothing more comes: its crawls have ended with it, by the kernel's hand."""
        self.lost = True
        asyncio.get_running_loop().remove_reader(self._socket)
        self._socket.close()
        while self._forks:
            self._forks.popitem()[1].end(-signal.SIGKILL)

    async def close(self) -> None:
        """Hang up, and wait for its end; kill it where that does not come."""
        if not self.lost:
            self._lose()
        try:
            await asyncio.wait_for(self._process.wait(), ENDS_WITHIN)
        except TimeoutError:
            self._process.kill()
            await self._process.wait()
