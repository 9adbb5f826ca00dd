"""Where a subscriber is reached: a mail address, a folder, or a chat hook. Pure, but for the library of hooks.

An address may hold a secret (a hook's key). It is never printed, logged or kept in the database: ``channel`` names it
by a fingerprint, ``masked`` shows just enough of it for whoever wrote it down.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from pathlib import PurePosixPath
from urllib.parse import urlsplit

MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*", re.ASCII)
"""Addresses as they are in use, without comments and quotes: nothing that could begin a header of its own."""

LONGEST_MAIL_ADDRESS = 254
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)")


class Kind(StrEnum):
    """The kinds of channels; each has its own way of sending."""

    MAIL = "mail"
    FILE = "file"
    HOOK = "hook"


@dataclass(frozen=True, slots=True)
class Address:
    """One place to send to. ``target`` is the mail address, the folder, or the hook's whole address."""

    kind: Kind
    target: str = field(repr=False)

    @property
    def channel(self) -> str:
        """The address's name in the database: the same for the same address, and nothing can be read from it."""
        return f"{self.kind.value}:{sha256(self.target.encode()).hexdigest()[:16]}"

    @property
    def masked(self) -> str:
        """The address for a screen: ``mail:l…@example.org``, ``file:press``, ``wecombot://…``."""
        if self.kind is Kind.MAIL:
            person, _, host = self.target.rpartition("@")
            return f"mail:{person[0]}…@{host}"
        if self.kind is Kind.FILE:
            return f"file:{self.target}"
        return f"{urlsplit(self.target).scheme.lower()}://…"

    @property
    def secrets(self) -> tuple[str, ...]:
        """Parts of the address that must not show up in the words of an error, the longest first."""
        if self.kind is Kind.FILE:
            return ()
        if self.kind is Kind.MAIL:
            return (self.target,)
        parts = {part for part in re.split(r"[/?&=:@#]+", self.target) if len(part) >= 6} | {self.target}
        return tuple(sorted(parts, key=len, reverse=True))


def read_address(text: str) -> Address:
    """An address as it is written in ``sites.yaml``. Raises ValueError, whose words never repeat it."""
    written = text.strip()
    kind, _, rest = written.partition(":")
    if kind == "mail":
        address = rest.strip()
        if not MAIL_ADDRESS.fullmatch(address) or len(address) > LONGEST_MAIL_ADDRESS:
            raise ValueError("a mail address is written mail:name@example.org, in ASCII, one address each")
        return Address(Kind.MAIL, address)
    if kind == "file":
        return Address(Kind.FILE, _folder(rest.strip()))
    if _SCHEME.match(written):
        return Address(Kind.HOOK, written)
    raise ValueError(
        "an address begins with mail:, file: or a chat service such as wecombot://, dingtalk://, feishu://"
    )


def _folder(text: str) -> str:
    path = PurePosixPath(text)
    if not text or not text.isprintable() or ".." in path.parts or path == PurePosixPath("."):
        raise ValueError("a folder is written file:NAME (below out/) or file:/a/whole/path, without ..")
    return str(path)
