"""What can be told from an address alone."""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit, urlunsplit

NOT_PAGES = re.compile(
    r"\.(?:pdf|docx?|xlsx?|pptx?|wps|et|zip|rar|7z|tar|gz|jpe?g|png|gif|bmp|webp|svg|ico|mp[34]|flv|avi|wmv|mov|m3u8"
    r"|swf|css|js|json|xml|rss|apk|exe|ofd|ceb)$",
    re.IGNORECASE,
)


_LISTS = re.compile(r"\.(?:json|rss|xml(?:\.gz)?)$", re.IGNORECASE)
"""What is no page to read, but may be a list of them: a service's answer, a feed, a sitemap."""

INDEX_PAGE = re.compile(r"/(?:index|default|main)\.\w+$", re.IGNORECASE)

LONGEST = 2000
"""Characters of an address: no city's page needs as many, and PostgreSQL indexes no more than 2,700 bytes."""


def plain_address(url: str) -> str:
    """One address for what is one page: no fragment, scheme and host in small letters, no default port, a path."""
    parts = urlsplit(url.strip())
    scheme = parts.scheme.lower()
    netloc = parts.netloc.lower()
    if (scheme, netloc.rpartition(":")[2]) in (("http", "80"), ("https", "443")):
        netloc = netloc.rpartition(":")[0]
    return urlunsplit((scheme, netloc, parts.path or "/", parts.query, ""))


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine, where nobody has to be spared."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def may_be_page(url: str) -> bool:
    """Whether an address can be a page to read: not a document, picture, film, style sheet or archive."""
    parts = urlsplit(url)
    on_the_web = parts.scheme in ("http", "https") and bool(parts.hostname) and len(url) <= LONGEST
    return on_the_web and "\0" not in url and not NOT_PAGES.search(parts.path)


def may_be_list(url: str) -> bool:
    """Whether an address can be a list of pages: a page itself, or a feed, a sitemap, a list service's answer."""
    parts = urlsplit(url)
    return may_be_page(urlunsplit(parts._replace(path=_LISTS.sub("", parts.path))))


def same_page(one: str, other: str) -> bool:
    """Whether two addresses differ only in ways that a server adds itself: scheme, ``www.``, a slash, an index page."""

    def bare(url: str) -> tuple[str, str, str]:
        parts = urlsplit(plain_address(url))
        return parts.netloc.removeprefix("www."), INDEX_PAGE.sub("/", parts.path).rstrip("/"), parts.query

    return bare(one) == bare(other)
