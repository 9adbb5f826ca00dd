"""What a page shows to search engines and hides from readers. Frozen records, standard library only.

``storage.records`` hands them on with the rest of the domain's types.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Link:
    """A link with the words it is shown by; ``date`` is ISO, as precise as the list prints it."""

    url: str
    title: str
    date: str | None = None


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """One thing in a page that hijackers do and owners seldom: its ``kind`` and what was ``seen``, a host or words.

    Kinds: ``writes`` ``asks`` ``disguised`` ``loads`` (scripts), ``covers`` ``slips`` (frames), ``sunk`` ``throwaway``
    ``woven`` ``sells`` (links), ``alt`` ``comment`` ``noscript`` ``hidden`` ``shown`` (words), ``coded`` ``defaced``;
    see ``crawler.extraction.planted``.
    """

    kind: str
    seen: str = ""


@dataclass(frozen=True, slots=True)
class Surface:
    """What a page shows to search engines and hides from readers: where hijackers write.

    ``title`` is the ``<title>`` element, ``hidden`` the links no reader can see, ``outside`` the hosts of other sites
    that the page links to, ``redirects`` where scripts or meta refresh would send a visitor. ``marks`` is what else in
    the page looks planted.
    """

    title: str = ""
    keywords: str = ""
    description: str = ""
    hidden: tuple[Link, ...] = ()
    outside: tuple[str, ...] = ()
    redirects: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
