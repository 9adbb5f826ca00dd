"""What a page is: an article, a list of articles, or neither; decided over what was found on it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.platforms import is_article_address, is_column_address
from storage.records import PageKind, Role

_INDEX = re.compile(
    r"(?:/|/(?:index|list|node|default)[\w-]*\.\w{2,5}|/list)$|/(?:list|lists|col|column|channel)/", re.IGNORECASE
)
_PLAIN = 250
"""Characters of running text that settle it: only an article has as much that is no link."""
_NOTICE = 60
"""Characters of running text that a notice has under its headline and byline, and a list has not."""
_PORTAL = 4.0
"""What speaks against an article on a page of links without headline and date: a home page with some text on it."""
_WATCHED_AS_ARTICLE = 6.0
"""What an address that has been an article speaks for its page: only a page of little but links is then a list."""
_ONE_BLOCK = 0.5
"""What a list counts that is one block of many: articles stand among such blocks too."""
_SOME = 0.1
"""What has to speak for an article at all."""
_CALLED = 9.0
"""What it speaks for an article that its page is called by a headline as long as no column's name."""
_SAID = 30
"""Characters in lines too short for running text that still are one, under a headline with a date: verse, answers."""
_A_FEW = 3
"""Links from which something may be a list."""
_LEAST = 12
"""Characters of running text below which a page has no body."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was found on a page.

    ``running`` characters of body text, a list's summaries left out, and ``text`` of the body in all, ``compact`` where
    its box holds hardly a link; a printed ``headline`` and a ``dated`` byline over it; a page ``titled`` by its
    headline, or even ``called`` by one longer than a column's name, or ``named`` like one without printing it; an
    article's own page labels; a body ``contained`` in a box that a publishing system names so; a picture, film or
    document ``embedded`` where the text would be; an ``index_title`` (公告首页); ``mostly_links``, more linked than
    running text; ``links`` and ``list_score`` of what looks like a column (see ``discovery.listing``); a ``front``,
    where it is one block of many; a ``shell``, whose article a script is to fill in; ``framed``, where some publishing
    system names a box for the body, be it empty.
    """

    running: float = 0.0
    text: int = 0
    compact: bool = False
    headline: bool = False
    dated: bool = False
    titled: bool = False
    called: bool = False
    named: bool = False
    labelled: bool = False
    contained: bool = False
    embedded: bool = False
    index_title: bool = False
    mostly_links: bool = False
    links: int = 0
    list_score: float = 0.0
    front: bool = False
    shell: bool = False
    framed: bool = False


def decide(evidence: Evidence, url: str | None, role: Role | None) -> PageKind:
    """The kind of a page that is neither missing nor blocked; a front is neither, unless it is watched as something."""
    if role is Role.COLUMN:
        return PageKind.LIST
    kind = _weighed(evidence, url, role)
    if role is not None or not evidence.front:
        return kind
    return kind if kind is PageKind.ARTICLE and evidence.headline and _is_borne_out(evidence) else PageKind.EMPTY


def _weighed(evidence: Evidence, url: str | None, role: Role | None) -> PageKind:
    """What speaks for an article against what speaks for a list."""
    article = _article_score(evidence, url) if role is not None or _has_marks(evidence) else 0.0
    listed = _list_score(evidence, url)
    if role is None and evidence.front:
        listed *= _ONE_BLOCK
    if role is Role.ARTICLE:
        article += _WATCHED_AS_ARTICLE
    least = 1.0 if role is Role.ARTICLE and evidence.headline else _LEAST
    speaks = evidence.running >= least or (evidence.headline and evidence.dated and evidence.text >= _SAID)
    if speaks and article >= max(listed, _SOME):
        return PageKind.ARTICLE
    if evidence.headline and evidence.dated and evidence.embedded:
        return PageKind.ARTICLE if article + (_CALLED if evidence.called else 2.0) >= listed else PageKind.LIST
    if evidence.labelled and evidence.headline:
        return PageKind.ARTICLE if evidence.running >= _LEAST else PageKind.EMPTY
    if role is None and _is_textless(evidence):
        return PageKind.ARTICLE
    if (evidence.links >= 5 and listed > 0.3) or (evidence.links and listed > 1.0):
        if evidence.shell and role is None:
            return PageKind.EMPTY
        return PageKind.LIST if listed > article else PageKind.EMPTY
    return PageKind.EMPTY


def _is_textless(evidence: Evidence) -> bool:
    """Whether a page that lists nothing is an article by its headline and day alone: a script plays what it reports.

    Only for pages that nobody watches: where an article is watched, a frame with nothing in it says that it is gone.
    """
    awaited = evidence.shell or evidence.framed or evidence.links >= (_A_FEW if evidence.called else 1)
    return evidence.headline and evidence.dated and evidence.titled and not awaited


def _is_borne_out(evidence: Evidence) -> bool:
    """Whether anything says that a headline is the page's own; blocks of a list have headings too.

    A front is titled by its site's name, which it prints as well: among many blocks a title counts only over a body
    that is apart from them, or where it is longer than a name.
    """
    long = evidence.compact and evidence.running >= 2 * _PLAIN
    titled = evidence.titled and (evidence.compact or evidence.called or not evidence.front)
    return evidence.dated or evidence.labelled or evidence.contained or titled or long


def _has_marks(evidence: Evidence) -> bool:
    """Whether anything on a page but its text is an article's; forms and home pages have text as well."""
    return evidence.headline or evidence.named or evidence.dated or evidence.labelled or evidence.contained


def _article_score(evidence: Evidence, url: str | None) -> float:
    score = min(evidence.running, 2 * _PLAIN) / 100
    score += 1.0 if evidence.headline else 0.0
    score += 2.0 if evidence.dated and evidence.headline else 0.0
    score += 4.0 if evidence.dated and evidence.headline and evidence.running >= _NOTICE else 0.0
    score += 2.0 if evidence.dated and evidence.headline and evidence.titled and evidence.text >= _SAID else 0.0
    sure = evidence.called and (evidence.compact or evidence.dated)
    score += _CALLED if sure and evidence.running >= _SAID else 0.0
    score += 2.0 if evidence.labelled else 0.0
    score += 2.0 if evidence.contained else 0.0
    if evidence.mostly_links and evidence.links >= 3 and not (evidence.headline or evidence.dated):
        score -= _PORTAL
    if evidence.running >= _PLAIN and evidence.headline and _is_borne_out(evidence):
        score += 3.0
    if url and is_article_address(url):
        score += 2.0
    return score


def _list_score(evidence: Evidence, url: str | None) -> float:
    score = evidence.list_score * min(1.0, (evidence.links + 2) / 5)
    if evidence.index_title and evidence.links >= 5:
        score += 6.0
    path = urlsplit(url).path if url else ""
    if url and (is_column_address(url) or _INDEX.search(path)) and not is_article_address(url):
        score += 2.0
    return score
