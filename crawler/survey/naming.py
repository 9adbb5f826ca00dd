"""What a site is called: its name as its pages print it, and a short key made of its host."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from urllib.parse import urlsplit

from crawler.addresses import is_loopback
from crawler.extraction.markup import tidy

_SEPARATOR = re.compile(r"\s*(?:_+|-{1,3}|[|｜丨»>–—·]|\s-\s)\s*|\s{2,}")
_NO_NAME = re.compile(
    r"^(?:网站)?(?:首\s*页|主\s*页|欢迎\S{0,6}|正文|详情|列表|文章|新闻|index|home|welcome|untitled)?$", re.IGNORECASE
)
_AROUND = re.compile(r"^(?:欢迎(?:您)?(?:访问|来到|光临)|您好)[,，!！:：]?\s*|\s*(?:[-_]?\s*(?:网站)?首\s*页|[!！])$")
_SECOND_LEVEL = frozenset({"gov", "com", "edu", "org", "net", "ac"})
_NOT_IN_KEY = re.compile(r"[^a-z0-9-]+")
_LONGEST_NAME = 40
_LONGEST_KEY = 56


def site_name(metas: Sequence[Mapping[str, str]], titles: Sequence[str], lists: Sequence[str], url: str) -> str:
    """A site's name, from the ``<meta>`` and ``<title>`` of pages of it, the asked-for address's own first.

    The page label ``SiteName`` is believed first, then what the ``titles`` of most pages end in, then ``og:site_name``,
    then what one title ends in: one of ``lists``, since an article's may have no site in it. The host where pages print
    none of these.
    """
    labelled = Counter(name for meta in metas if (name := _clean(meta.get("sitename", ""))))
    if labelled:
        return labelled.most_common(1)[0][0]
    shared = _shared_part(titles)
    if shared:
        return shared
    given = next((name for meta in metas if (name := _clean(meta.get("og:site_name", "")))), None)
    alone = (name for title in lists for part in _SEPARATOR.split(title)[::-1] if (name := _clean(part)))
    return given or next(alone, urlsplit(url).netloc)


def short_title(title: str, site: str = "") -> str | None:
    """The first part of a ``<title>`` that is a name, and not the site's: a column's, on a column page."""
    return next((name for part in _SEPARATOR.split(title) if (name := _clean(part)) and name != site), None)


def _shared_part(titles: Sequence[str]) -> str | None:
    """The part that most of several different titles have in common, the last one of them."""
    different = list(dict.fromkeys(titles))
    if len(different) < 2:
        return None
    counts: Counter[str] = Counter()
    places: dict[str, int] = {}
    for title in different:
        parts = [_clean(part) for part in _SEPARATOR.split(title)]
        counts.update(set(parts) - {""})
        places |= {part: max(place, places.get(part, 0)) for place, part in enumerate(parts)}
    common = [part for part, count in counts.items() if count >= 2 and count >= 0.6 * len(different)]
    return max(common, key=lambda part: (counts[part], places[part]), default=None)


def _clean(text: str) -> str:
    """A name as it may stand in one line of a file; empty for what is none (首页)."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text)
    name = tidy(_AROUND.sub("", tidy(shown)))
    return "" if _NO_NAME.match(name) else name[:_LONGEST_NAME]


def site_key(url: str, taken: Collection[str] = ()) -> str:
    """A key made of the host: ``www.city.gov.cn`` is ``city``; with ``-2`` behind it where that is taken."""
    host = urlsplit(url).hostname or "site"
    port = urlsplit(url).port
    named = [host, str(port or "")] if is_loopback(url) else _telling(_ascii(host).split("."))
    stem = _NOT_IN_KEY.sub("-", "-".join(named).lower()).strip("-")[:_LONGEST_KEY].rstrip("-") or "site"
    number, key = 1, stem
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key


def _ascii(host: str) -> str:
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return host


def _telling(labels: list[str]) -> list[str]:
    """The labels of a host that tell whose it is: without ``www`` in front and the registry's own behind."""
    if all(label.isdecimal() for label in labels):
        return labels
    kept = labels[1:] if labels[0] == "www" and len(labels) > 2 else labels
    below = 2 if len(kept) > 2 and kept[-2] in _SECOND_LEVEL and len(kept[-1]) == 2 else 1
    return kept[:-below] or kept
