"""What a page shows to search engines and hides from readers, and whether that alone gives a hijack away.

Hijackers write where an owner does not look: ``<title>``, ``keywords``, ``description``, links that no one can see,
scripts that send a visitor away. A page that says the same words in its own headline and text says them honestly.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import cast

from lxml import etree
from lxml.html import HtmlElement

from crawler.discovery.paging import resolve
from crawler.extraction.canonical import Canoniser
from crawler.extraction.hosts import host_of, registered
from crawler.extraction.markup import Markup, tidy
from crawler.extraction.pagetitle import squash
from crawler.extraction.planted import find_marks, read_scripts, unseen_links
from crawler.extraction.scripts import Script
from crawler.extraction.sheet import Sheet
from crawler.extraction.spamwords import spam_words
from crawler.extraction.stuffing import is_spam_title
from storage.records import Link, Surface

MOST_HIDDEN = 200
TAMPERED = 0.6
"""The weight of foreign spam words from which a page counts as tampered: see ``spamwords``."""

_SPAM_SHARE = 0.3
"""The share of a hidden link's words that are spam, if the link is: headlines that mention a crime stay below 0.2."""

_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|text-indent\s*:\s*-\s*\d{3,}|font-size\s*:\s*0(?:px|pt|em|rem|%)?\s*(?:;|$|!)|"
    r"font-size\s*:\s*1px|(?:left|top|right|bottom|margin(?:-left|-top)?)\s*:\s*-\s*\d{3,}|opacity\s*:\s*0(?:\.0+)?\s*(?:;|$)|"
    r"(?:^|[;\s])(?:width|height)\s*:\s*[01](?:px)?\s*(?:;|$)|clip\s*:\s*rect\(\s*0|z-index\s*:\s*-\d",
    re.IGNORECASE,
)
_MAY_HIDE = re.compile(r":\s*(?:none|hidden|rect|-\s*\d|1px|[01](?:px|pt|r?em|%|\.0+)?\s*(?:[;!]|$))", re.IGNORECASE)
"""What ``_HIDING`` asks of a value, whatever its name: found at the colon, and most rules have none."""
_LEADS = re.compile(r"\s*(?:\w+:|[/\\]{2})")
"""How an address begins that names its host; on a page without a base all others are the site's own."""
_LEVELS = 64
"""Elements outwards that are asked whether they are hidden already."""
_SAID_HIDDEN = etree.XPath("//*[@hidden]")
_SELECTOR = re.compile(r"^\s*(?:[a-z]+)?([.#][\w-]+)\s*$", re.IGNORECASE)
_REFRESH = re.compile(r"url\s*=\s*['\"]?([^'\">\s]+)", re.IGNORECASE)


def read_surface(
    page: Sheet, markup: Markup, url: str | None, text: str, body: HtmlElement | None, *, wary: bool
) -> Surface:
    """The surface of a page; texts canonical, addresses absolute where ``url`` is known.

    ``text`` is the page's markup before it was parsed, ``body`` the box that its article stands in. Marks, and links
    that are hidden in less usual ways, are read where ``wary``; scripts also where the address is known that they lead
    away from.
    """
    canon, metas = page.canon, markup.metas
    scripts = read_scripts(markup) if wary or url else []
    shut = _hidden(markup, _hiding_names(markup.tree))
    hidden = (*_hidden_links(shut, markup, url, canon), *(unseen_links(markup, text, url, canon) if wary else ()))
    return Surface(
        title=canon.line(markup.titles[0]) if markup.titles else "",
        keywords=canon.line(metas.get("keywords", "")),
        description=canon.line(metas.get("description", "")),
        hidden=tuple(dict.fromkeys(hidden))[:MOST_HIDDEN],
        outside=tuple(_outside(markup, url)),
        redirects=tuple(_redirects(markup, url, scripts)),
        marks=find_marks(markup, text, url, canon, scripts, body, page.plain, shut) if wary else (),
    )


def is_tampered(surface: Surface, headline: str | None, paragraphs: tuple[str, ...]) -> bool:
    """Whether one look at a page shows a hijack: spam words where search engines read, foreign to the page itself.

    A story on 网络赌博 says its words in headline and text as well, a lottery bureau in its own name; a hidden menu
    says none.
    """
    if not _says_spam(surface):
        return False
    own = spam_words(" ".join((headline or "", *paragraphs)))
    shown: dict[str, float] = {}
    for text in (surface.title, surface.keywords, surface.description):
        shown |= _foreign(text, own)
    hidden: dict[str, float] = {}
    for link in surface.hidden:
        hidden |= _foreign(link.title, own) if _is_mostly_spam(link.title) else {}
    title = squash(surface.title)
    stranger = bool(headline) and bool(title) and squash(headline or "")[:6] not in title
    weight = sum(shown.values()) * (1.0 if stranger or not headline else 0.75) + sum(hidden.values())
    return weight >= TAMPERED and (len(shown) + len(hidden) >= 2 or max([*shown.values(), *hidden.values()]) >= 0.8)


def is_taken_over(surface: Surface) -> bool:
    """Whether a page that is no article is a hijacker's own: it says so, or its title sells what they sell."""
    return any(mark.kind == "defaced" for mark in surface.marks) or is_spam_title(surface.title)


def _says_spam(surface: Surface) -> bool:
    """Whether there is a spam word at all: the page's own words need not be looked through for it if there is none."""
    hidden = (link.title for link in surface.hidden)
    return bool(spam_words("\n".join((surface.title, surface.keywords, surface.description, *hidden))))


def _is_mostly_spam(title: str) -> bool:
    """Whether a link's words are spam and little else (棋牌官网下载); a headline that mentions a word is not."""
    return sum(map(len, spam_words(title))) >= _SPAM_SHARE * len(squash(title))


def _foreign(text: str, own: dict[str, float]) -> dict[str, float]:
    """Spam words of a text that neither stand in the page's own words nor are part of one that does."""
    return {
        word: weight
        for word, weight in spam_words(text).items()
        if not any(word in said or said in word for said in own)
    }


def _hidden_links(shut: Sequence[HtmlElement], markup: Markup, url: str | None, canon: Canoniser) -> list[Link]:
    """Links no reader sees. Menus that open on a click are hidden too: there, only what leads off the site counts."""
    found: list[tuple[str, str]] = []
    for anchor in _hidden_anchors(shut):
        address = resolve(anchor.get("href"), url, markup.base)
        title = tidy(anchor.text_content()) or tidy(anchor.get("title") or "")
        if address and title and (_is_outside(address, url) or spam_words(title)):
            found.append((address, title))
            if len(found) >= MOST_HIDDEN:
                break
    titles = canon.lines([title for _, title in found])
    return [Link(address, title) for (address, _), title in zip(found, titles, strict=True)]


def _hidden_anchors(shut: Sequence[HtmlElement]) -> Iterator[HtmlElement]:
    """The links inside every element that hides itself, each once, in order."""
    outermost: set[HtmlElement] = set()
    for element in shut:
        if not any(around in outermost for around in islice(element.iterancestors(), _LEVELS)):
            outermost.add(element)
            yield from element.iter("a")


def _hidden(markup: Markup, hiding: frozenset[str]) -> list[HtmlElement]:
    """The elements that hide themselves, in order: by style, a hidden name, ``hidden``, or scrolling in no space."""
    said = {"style": markup.styles}
    said |= {name: [element.get(name) for element in markup.elements] for name in ("class", "id") if hiding}
    hides = {
        name: {value for value in set(values) if value and _says(name, value, hiding)} for name, values in said.items()
    }
    shut = {element for element in markup.tree.iter("marquee") if "0" in _sides(element) or "1" in _sides(element)}
    shut.update(cast(list[HtmlElement], _SAID_HIDDEN(markup.tree)))
    for name, values in said.items():
        if hides[name]:
            shut.update(element for element, value in zip(markup.elements, values, strict=True) if value in hides[name])
    return [element for element in markup.elements if element in shut] if shut else []


def _hiding_names(tree: HtmlElement) -> frozenset[str]:
    """The ``.class`` and ``#id`` names that the page's own ``<style>`` hides."""
    found: set[str] = set()
    for style in tree.iter("style"):
        for selectors in _hiding_rules((style.text or "")[:200_000]):
            found.update(m[1] for s in selectors.split(",") if (m := _SELECTOR.match(s)))
    return frozenset(found)


def _hiding_rules(sheet: str) -> Iterator[str]:
    """The selectors of a style sheet's rules that hide something; most have no value that may."""
    for value in _MAY_HIDE.finditer(sheet):
        at = value.start()
        opened = sheet.rfind("{", 0, at)
        start = max(opened, sheet.rfind(";", 0, at)) + 1
        end = min((i for i in (sheet.find(";", at), sheet.find("}", at)) if i >= 0), default=len(sheet))
        if opened > sheet.rfind("}", 0, at) and _HIDING.search(sheet, start, end):
            yield sheet[max(sheet.rfind("}", 0, opened), sheet.rfind("{", 0, opened)) + 1 : opened]


def _says(name: str, value: str, hiding: frozenset[str]) -> bool:
    """Whether an attribute's value hides its element."""
    if name == "style":
        return _MAY_HIDE.search(value) is not None and _HIDING.search(value) is not None
    return f"#{value}" in hiding if name == "id" else any(f".{each}" in hiding for each in value.split())


def _sides(element: HtmlElement) -> tuple[str | None, str | None]:
    return element.get("width"), element.get("height")


def _is_outside(address: str, url: str | None) -> bool:
    host = host_of(address)
    return bool(host) and registered(host) != registered(host_of(url or ""))


def _outside(markup: Markup, url: str | None) -> list[str]:
    if not url:
        return []
    hrefs = {href for a in markup.tree.iter("a") if (href := a.get("href")) and (markup.base or _LEADS.match(href))}
    addresses = {address for href in hrefs if (address := resolve(href, url, markup.base))}
    hosts = {host_of(origin) for origin in {"/".join(address.split("/", 3)[:3]) for address in addresses}}
    return sorted(host for host in hosts if host and registered(host) != registered(host_of(url)))


def _redirects(markup: Markup, url: str | None, scripts: Sequence[Script]) -> list[str]:
    found = [leap for script in scripts for leap in script.leaps]
    for meta in markup.tree.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and (
            match := _REFRESH.search(meta.get("content") or "")
        ):
            found.append(match[1])
    absolute = [address for target in found if (address := resolve(target, url, markup.base))]
    return sorted(set(absolute))
