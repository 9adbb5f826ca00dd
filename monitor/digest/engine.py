"""The one template engine of digests and messages: what is printed is escaped, and nothing unknown is printed."""

from __future__ import annotations

from collections.abc import Callable

from jinja2 import Environment, PackageLoader, StrictUndefined


def environment(package: str, finalize: Callable[[object], object] | None = None) -> Environment:
    """An engine over a package's ``templates``; ``finalize`` is what every printed value goes through first."""
    return Environment(
        loader=PackageLoader(package),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=finalize,
    )
