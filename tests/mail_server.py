"""A real mail server for tests, on loopback: what it does to a recipient is told by the recipient's name.

``gone@`` is refused for good, ``full@`` for now; ``spam@`` when the message is over. ``early@``, ``inside@`` and
``late@`` are hung up on before, in and after the message; ``slow@`` is kept waiting before it, ``mute@`` after it. That
is done to each of them as many times as ``patience`` says, and then they are served like everyone else. Whether a
message to ``late@`` or ``mute@`` is kept at first says ``keeps_late``.
"""

from __future__ import annotations

import asyncio
import shutil
import ssl
import threading
from collections import Counter
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from command_line import CATALOGUE, Run

from monitor.config import MailSection

MORNING = "2026-11-22T07:40:00+08:00"
"""When yesterday's digest is sent, to a home that the fixture ``told`` made."""


class _Talk(SMTP):
    """aiosmtpd's conversation, able to hang up in the middle of a message."""

    async def smtp_DATA(self, arg: str) -> None:  # noqa: N802 (aiosmtpd's name)
        office: Office = self.event_handler
        to = self.envelope.rcpt_tos[-1]
        if to.startswith("inside@") and office.loses_patience(to):
            await self.push("354 go on")
            await self._reader.readline()
            self.transport.abort()
            # The line is cut in the loop's next round, and this said after it.
            asyncio.get_running_loop().call_soon(office.hung_up.set)
            return
        await super().smtp_DATA(arg)


class Office:
    """The handler: what arrived, and for whom it was tried."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []
        self.tried: Counter[str] = Counter()
        self.patience = 1
        self.keeps_late = False
        self.silent = asyncio.Event()
        self.in_message, self.hung_up = threading.Event(), threading.Event()
        self.conversations = 0

    def loses_patience(self, to: str) -> bool:
        return self.tried[to] <= self.patience

    def arrived(self, to: str) -> list[EmailMessage]:
        """What arrived for somebody."""
        return [message_from_bytes(body, policy=policy.default) for one, body in self.kept if one == to]

    def names(self) -> list[str]:
        """Whom something arrived for, in that order."""
        return [to for to, _ in self.kept]

    async def handle_EHLO(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.conversations += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        self.tried[address] += 1
        name = address.partition("@")[0]
        if name == "gone":
            return f"550 5.1.1 <{address}> no such person here"
        if name == "stranger":
            return "530 5.7.0 Must issue a STARTTLS command first"
        if name == "abroad":
            return f"550 5.7.1 <{address}>: Relaying denied"
        if name == "full":
            return "451 4.2.2 come back later"
        if name == "early" and self.loses_patience(address):
            server.transport.abort()
        if name == "slow" and self.loses_patience(address):
            self.in_message.set()
            await self.silent.wait()
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        (to,) = envelope.rcpt_tos
        name = to.partition("@")[0]
        body: Any = envelope.content
        if name == "spam":
            return "554 5.7.1 we do not like it"
        if name in {"late", "mute"} and self.loses_patience(to):
            if self.keeps_late:
                self.kept.append((to, body))
            self.in_message.set()
            if name == "late":
                server.transport.abort()
            await self.silent.wait()
            return "250 OK"
        self.kept.append((to, body))
        return "250 OK"


class Post(Controller):
    """The server in a thread of its own."""

    def __init__(self, office: Office, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(office, hostname="127.0.0.1", port=0)
        self.office, self._tls = office, tls

    def factory(self) -> SMTP:
        return _Talk(self.handler, hostname="mail.test", tls_context=self._tls, require_starttls=self._tls is not None)

    @property
    def settings(self) -> MailSection:
        """How to reach it."""
        return MailSection.model_validate(
            {"host": "127.0.0.1", "port": self.port, "from": "市讯 <desk@shixun.test>", "tls": "none", "timeout": "1s"}
        )

    def _trigger_server(self) -> None:
        # Port 0 lets the system choose one; aiosmtpd looks at the one it was told.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture
def post() -> Iterator[Post]:
    """A mail server; ``post.office`` holds what arrived."""
    server = Post(Office())
    server.start()
    yield server
    server.loop.call_soon_threadsafe(server.office.silent.set)
    server.stop()


@pytest.fixture
def office(told: Path, tmp_path: Path, post: Post, monkeypatch: pytest.MonkeyPatch, run: Run) -> Path:
    """A home that knows a busy day, with readers and the mail server of the test."""
    shutil.copytree(told, tmp_path, dirs_exist_ok=True)
    at(monkeypatch, MORNING)
    return tmp_path


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    monkeypatch.setenv("SHIXUN_NOW", moment)


def enlist(home: Path, post: Post, subscribers: str) -> None:
    mail = f"mail: {{host: 127.0.0.1, port: {post.port}, from: desk@shixun.test, tls: none, timeout: 1s}}\n"
    (home / "sites.yaml").write_text(CATALOGUE + mail + "subscribers:\n" + subscribers, "utf-8")
