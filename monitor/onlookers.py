"""Who may watch a service from within its process: listeners, and the pages that it serves."""

from __future__ import annotations

from typing import Protocol


def ignore(_event: object) -> None:
    """The listener of a service that nobody watches."""


class Pages(Protocol):
    """The archive's web pages while they are served."""

    async def stop(self) -> None:
        """Finish the answers on their way and close."""
        ...


def no_pages(_service: object) -> Pages | None:
    """What a service without web pages serves."""
    return None
