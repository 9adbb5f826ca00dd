"""Who may come in: host names that are ours, the token, and the cookie that a person's token turns into. Pure.

A web page anywhere can make a visitor's browser ask 127.0.0.1, under a name of its own that it lets point there (DNS
rebinding): hence only known names are answered. The token itself never leaves the settings: a browser is given an HMAC
made with it, which ends by itself and with every change of the token.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from ipaddress import ip_address

from monitor.config import LEAST_TOKEN

COOKIE = "shixun_entry"
DAYS_IN = 30
"""How many days a browser stays in."""

_SECONDS_A_DAY = 86_400
_LONGEST_COOKIE = 100


class OpenDoor(ValueError):
    """Pages that others could reach were to be served without a token, or with one that is too short."""


@dataclass(frozen=True, slots=True)
class Door:
    """What is let in. ``hosts`` are lower-case names beside those of this machine; ``token`` is ``None`` for no lock.

    ``per_minute`` is how many requests one client may make in a minute.
    """

    hosts: frozenset[str] = frozenset()
    token: str | None = None
    per_minute: int = 600

    @classmethod
    def at(cls, host: str, hosts: Iterable[str] = (), token: str | None = None, per_minute: int = 600) -> Door:
        """The door of pages served at the address ``host`` under the names ``hosts``.

        Raises OpenDoor where anyone but this machine could come in and there is no token, or one that can be guessed.
        """
        names = frozenset(bare_host(name) or name.lower() for name in (host, *hosts))
        # What stands in the file is that long; what comes from the environment has been measured by nobody.
        if len(token or "") < LEAST_TOKEN and not all(is_loopback_name(name) for name in names):
            raise OpenDoor(
                f"{host}: whoever reaches it could read everything; set web.token ({LEAST_TOKEN} characters)"
            )
        # 0.0.0.0 is where we listen, never how we are called.
        return cls(frozenset(name for name in names if not _is_any(name)), token or None, per_minute)

    def knows(self, header: str | None) -> bool:
        """Whether a Host header names us."""
        name = bare_host(header or "")
        return name is not None and (is_loopback_name(name) or name in self.hosts)

    def admits(self, token: str) -> bool:
        """Whether this is the token; takes as long for a near miss as for a wild guess."""
        return self.token is not None and hmac.compare_digest(_digest(token), _digest(self.token))

    def pass_for(self, now: float) -> str:
        """What a browser is given in place of the token at ``now`` (seconds since 1970)."""
        until = int(now) + DAYS_IN * _SECONDS_A_DAY
        return f"{until}.{self._seal(until)}"

    def honours(self, given: str, now: float) -> bool:
        """Whether a browser shows a pass of ours that has not ended."""
        until, _, seal = given[:_LONGEST_COOKIE].partition(".")
        if self.token is None or not (until.isascii() and until.isdigit()):
            return False
        return hmac.compare_digest(seal.encode(), self._seal(int(until)).encode()) and now < int(until)

    def _seal(self, until: int) -> str:
        return hmac.new((self.token or "").encode(), f"shixun web entry {until}".encode(), sha256).hexdigest()


def _digest(token: str) -> bytes:
    return sha256(token.encode("utf-8", "surrogatepass")).digest()


def bare_host(header: str) -> str | None:
    """The name in a Host header, lower case, without port and brackets; ``None`` where it is none."""
    name, port = header.strip().lower(), ""
    if name.startswith("["):
        name, closing, port = name[1:].partition("]")
        if not closing or (port and not port.startswith(":")):
            return None
        port = port[1:]
    elif name.count(":") == 1:
        name, _, port = name.partition(":")
    if not name or (port and not (port.isascii() and port.isdigit())) or any(sign in name for sign in "/\\@?# \t"):
        return None
    return name.removesuffix(".") or None


def is_loopback_name(name: str) -> bool:
    """Whether a name or literal address can only mean this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _is_any(name: str) -> bool:
    try:
        return ip_address(name).is_unspecified
    except ValueError:
        return False
