"""Atom feeds (RFC 4287, with the paging of RFC 5005) written through feedgen.

What pages say is hostile: a title is plain text, content is HTML of ours with everything escaped, and what no XML can
hold is left out, since feedgen fails on it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

# feedgen 1.0 uses lxml.etree, and imports no more than lxml.
import lxml.etree
from feedgen.feed import FeedGenerator
from markupsafe import Markup

from crawler.agent import program_version
from monitor.tell import Lang, printable
from storage.records import CHINA

TYPE = "application/atom+xml"

_ATOM = "{http://www.w3.org/2005/Atom}"

BEGAN = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed was last altered that has nothing in it yet: a moment that stands still."""

_UNWRITABLE = re.compile("[\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Base:
    """How readers reach this site, without a slash at the end, and the name that its feeds' ids are made under.

    The name is the configured address's, else one that is nobody's: an id must not change with how we were asked.
    """

    address: str
    authority: str

    @classmethod
    def of(cls, configured: str | None, asked: str) -> Base:
        """``configured`` goes before the address that was ``asked``."""
        name = urlsplit(configured).hostname if configured else None
        return cls((configured or asked).rstrip("/"), name if name and ":" not in name else "shixun.localhost")

    def tag(self, what: str) -> str:
        """The id of something, the same for ever (RFC 4151)."""
        return f"tag:{self.authority},2026:{what}"

    def at(self, path: str) -> str:
        """The address of a path."""
        return self.address + path


@dataclass(frozen=True, slots=True)
class Post:
    """An entry. ``what`` is unique among all that feeds tell, ``path`` where the site tells more of it.

    ``categories`` are (scheme, term, label), ``via`` the page itself where it may be linked.
    """

    what: str
    title: str
    updated: datetime
    path: str
    content: Markup
    author: str | None = None
    categories: tuple[tuple[str, str, str], ...] = ()
    via: str | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """Some entries of a list that begins at ``first`` and goes on at ``onward``; addresses are paths with queries.

    ``page`` is where the site shows the same to people.
    """

    what: str
    title: str
    page: str
    itself: str
    posts: Sequence[Post]
    first: str
    onward: str | None = None

    @property
    def updated(self) -> datetime:
        """When the newest entry was."""
        return max((post.updated for post in self.posts), default=BEGAN)


def writable(text: str) -> str:
    """The text on one line, without what XML cannot hold or a reader cannot see."""
    return _UNWRITABLE.sub("", printable(text))


def written(feed: Feed, base: Base, lang: Lang, author: str) -> bytes:
    """The feed as XML."""
    made = FeedGenerator()
    made.id(base.tag(feed.what))
    made.title(writable(feed.title).strip())
    made.updated(feed.updated.astimezone(CHINA))
    made.author(name=author)
    made.generator("Shixun", program_version())
    made.language("zh-CN" if lang == "zh" else "en")
    made.link(href=base.at(feed.itself), rel="self", type=TYPE)
    made.link(href=base.at(feed.page), rel="alternate", type="text/html")
    made.link(href=base.at(feed.first), rel="first", type=TYPE)
    if feed.onward:
        made.link(href=base.at(feed.onward), rel="next", type=TYPE)
    for post in feed.posts:
        _add(made, post, base)
    return _with_relations(made.atom_str())


def _with_relations(text: bytes) -> bytes:
    """The feed with what its entries' links are: feedgen 1.0 loses their ``rel`` and ``type`` on the way."""
    root = lxml.etree.fromstring(text)
    for entry in root.findall(f"{_ATOM}entry"):
        for link, rel in zip(entry.findall(f"{_ATOM}link"), ("alternate", "via"), strict=False):
            link.set("rel", rel)
            if rel == "alternate":
                link.set("type", "text/html")
    return lxml.etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _add(made: FeedGenerator, post: Post, base: Base) -> None:
    entry = made.add_entry(order="append")
    entry.id(base.tag(post.what))
    entry.title(writable(post.title).strip() or "…")
    entry.updated(post.updated.astimezone(CHINA))
    entry.link(href=base.at(post.path), rel="alternate", type="text/html")
    if post.via:
        entry.link(href=writable(post.via).strip(), rel="via")
    if post.author:
        entry.author(name=writable(post.author).strip() or "…")
    for scheme, term, label in post.categories:
        entry.category(term=writable(term), scheme=base.tag(scheme), label=writable(label))
    entry.content(_UNWRITABLE.sub("", post.content), type="html")
