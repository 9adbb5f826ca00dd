"""The name we give at every door."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """The installed version, or ``0`` when run from a folder that was never installed."""
    try:
        return version("shixun")
    except PackageNotFoundError:
        return "0"


def user_agent(contact: str | None) -> str:
    """An honest user agent: what this is, and whom a webmaster may write to."""
    whom = f"contact {contact}" if contact else "no contact set"
    return f"Shixun/{program_version()} (municipal news change monitor; {whom})"
