"""What one publishing system looks like from outside: a record, the same for all of them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from lxml.html import HtmlElement


class Paging(StrEnum):
    """How a system numbers the pages of a column."""

    SUFFIX = "suffix"
    """``index.html``, ``index_1.html`` (page 2); the count stands in a script call ``createPageHTML``."""
    DOWNWARDS = "downwards"
    """``x.htm``, then ``x/10.htm``, ``x/9.htm`` …: the oldest page is 1."""
    UPWARDS = "upwards"
    """``list.htm``, ``list2.htm`` …"""
    SERVICE = "service"
    """A script asks an address that answers JSON or XML."""
    LINKS = "links"
    """Printed links only."""


@dataclass(frozen=True, slots=True)
class Platform:
    """A publishing system.

    ``marks`` are found in the lower-cased markup of its pages, ``articles``, ``columns`` and ``services`` (what its
    scripts ask for lists) in its lower-cased addresses;
    ``bodies``, ``titles`` and ``labels`` name elements (``#id``, ``.class`` or a tag, all lower case) that hold the
    body, the headline and the byline. ``decisive`` says that no other system gives its articles such addresses.
    """

    name: str
    chinese: str
    marks: tuple[str, ...] = ()
    articles: tuple[re.Pattern[str], ...] = ()
    columns: tuple[re.Pattern[str], ...] = ()
    services: tuple[re.Pattern[str], ...] = ()
    bodies: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    paging: Paging = Paging.LINKS
    decisive: bool = False

    def recognise(self, markup: str, url: str | None = None) -> bool:
        """Whether a page's lower-cased markup or, failing that, its address is this system's."""
        if any(mark in markup for mark in self.marks):
            return True
        return self.decisive and url is not None and self.is_article(url)

    def is_article(self, url: str) -> bool:
        """Whether an address has the form of this system's articles."""
        return any(pattern.search(url.lower()) for pattern in self.articles)

    def is_column(self, url: str) -> bool:
        """Whether an address has the form of this system's columns."""
        return any(pattern.search(url.lower()) for pattern in self.columns)


def patterns(*sources: str) -> tuple[re.Pattern[str], ...]:
    """Compiled patterns in lower case: addresses are lower-cased for them, which is quicker than to ignore case."""
    return tuple(map(re.compile, sources))


class AnyOf:
    """Several patterns as one; those that begin with a slash are looked for at slashes alone."""

    def __init__(self, found: Iterable[re.Pattern[str]]) -> None:
        sources = [pattern.pattern for pattern in found]
        other = [source for source in sources if not source.startswith("/")]
        self._slashed = re.compile("|".join(source for source in sources if source.startswith("/")))
        self._other = re.compile("|".join(other)) if other else None

    def is_in(self, url: str) -> bool:
        """Whether an address has any of them."""
        lowered = url.lower()
        if self._slashed.search(lowered):
            return True
        return self._other is not None and self._other.search(lowered) is not None


def keys(element: HtmlElement) -> Iterable[str]:
    """The names an element can be called by in ``bodies`` and ``titles``: its ``#id``, its ``.classes``, its tag."""
    identity = element.get("id")
    if identity:
        yield f"#{identity.lower()}"
    classes = element.get("class")
    if classes:
        for name in classes.lower().split():
            yield f".{name}"
    yield element.tag
