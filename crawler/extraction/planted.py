"""What looks put into a page: links and words where no reader sees them, links on words, scripts that lead away.

Each mark names one such thing. A mark alone proves nothing, since owners hide and embed as well; it is what a page has
*newly*, against its own last honest state, that the comparison weighs (``monitor.compare.tampering``).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from html import unescape
from itertools import islice

from lxml.html import HtmlElement

from crawler.discovery.paging import resolve
from crawler.extraction.canonical import Canoniser
from crawler.extraction.hiding import boxes_of_own_colour, sunk_boxes
from crawler.extraction.hosts import host_of, is_honest, is_throwaway, registered
from crawler.extraction.markup import Markup, tidy
from crawler.extraction.scripts import Script, read_script
from crawler.extraction.stuffing import is_list_of_names, is_sales_talk, is_stuffed, names_a_body, sells
from storage.records import Link, Mark

MOST_MARKS = 60
_LONGEST = 160
"""Characters of a text that a mark keeps; shorter ones than ``_SHORTEST`` are not looked at."""
_SHORTEST = 10
_MOST_COMMENTS = 400
_LONGEST_COMMENT = 20_000
_COMMENT = re.compile(r"<!--(?!\[if)")
_HREF = re.compile(
    r"<a\b[^>]{0,300}?\bhref\s*=\s*['\"]?((?:https?:)?//[^'\"\s>]{4,300})['\"]?[^>]{0,200}>(.{0,80}?)</a", re.I | re.S
)
_TAGS = re.compile(r"<[^>]*>")
_HANZI = re.compile("[\u4e00-\u9fff]")
_FULL = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*(?:100%|100v[wh])", re.IGNORECASE)
_FIXED = re.compile(r"position\s*:\s*(?:fixed|absolute)", re.IGNORECASE)
_SIZE = re.compile(r"(?:^|[;\s])(?:width|height)\s*:\s*([^;!]+)", re.IGNORECASE)
_NO_SIZE = re.compile(r"\s*0*[01]?(?:\.\d+)?\s*(?:px|pt|r?em)?\s*$", re.IGNORECASE)
"""One point at most; ``0%`` is none of them, since scripts let frames grow from there."""
_LIBRARY = re.compile(
    r"jquery|bootstrap|swiper|layui|vue|react|echarts|video|player|polyfill|font|\bmap", re.IGNORECASE
)
_FEW_PARTS = 3
"""Elements of a line; what has more is a block of links."""
_LONGEST_BOX = 600
"""Characters of a hidden box with links: what is longer is a page of its own, shown by a script."""
_FIRST_SCRIPT = re.compile(r"\s*<script\b[^>]{0,300}?\bsrc\s*=\s*['\"]?((?:https?:)?//[^'\"\s>]{4,300})", re.IGNORECASE)
_DOCUMENT = re.compile(r"<!doctype|<html\b", re.IGNORECASE)
_CODED_SCRIPT = re.compile(
    r"<script\b[^>]{0,200}?\bsrc\s*=\s*['\"]?((?:&#x?[0-9a-f]{2,6};){4,}[^'\"\s>]*)", re.IGNORECASE
)
_CODED_TITLE = re.compile(r"<title[^>]{0,80}>\s*(?:&#x?[0-9a-f]{2,6};\s*){4,}", re.IGNORECASE)
_CODED_META = re.compile(r"<meta\b[^>]{0,200}content\s*=\s*['\"](?:&#x?[0-9a-f]{2,6};[,，\s]*){4,}", re.IGNORECASE)
_POINTING = re.compile(
    r"https?|www|点击|查看|附件|下载|网址|网站|详情|链接|报名|登录|扫|原文|详见|地址|平台|系统|公告|通知|《|\.[a-z]{2,4}$",
    re.I,
)
_LONGEST_WORD = 8
_AROUND = 8
"""Chinese characters of a sentence around a link from which it stands on one of the sentence's words."""
_DEFACED = re.compile(
    r"hacked\s*by\s*\S|h4ck(?:ed|3d)|defaced\s*by|was\s*here\s*!|owned\s*by\s*\S{2,}|pwn(?:ed|3d)|黑客[^。]{0,12}到此一游|(?:已?被|惨遭)[^。]{0,8}(?:黑了|攻陷)|[本此]站已?被黑",
    re.I,
)
_SHORT_PAGE = 600


def unseen_links(markup: Markup, text: str, url: str | None, canon: Canoniser) -> list[Link]:
    """Links to other sites in comments, in ``noscript`` and in the ground's own colour, but not in hidden boxes."""
    found: list[tuple[str, str]] = []
    for anchor in _unseen_anchors(markup):
        address = resolve(anchor.get("href"), url, markup.base)
        if address and _is_foreign(address, url):
            found.append((address, tidy(anchor.text_content())))
    for comment in _comments(text):
        for href, words in _HREF.findall(comment):
            if _is_foreign(href, url):
                found.append((f"http:{href}" if href.startswith("//") else href, tidy(unescape(_TAGS.sub("", words)))))
    kept = list(dict.fromkeys(found))[:MOST_MARKS]
    titles = canon.lines([title for _, title in kept])
    return [Link(address, title) for (address, _), title in zip(kept, titles, strict=True)]


def read_scripts(markup: Markup) -> list[Script]:
    """What the page's own scripts would do, those that do something of note."""
    read = (read_script(script.text) for script in markup.tree.iter("script") if script.text)
    return [script for script in read if script != Script()]


def find_marks(
    markup: Markup,
    text: str,
    url: str | None,
    canon: Canoniser,
    scripts: list[Script],
    body: HtmlElement | None,
    lines: Sequence[str] = (),
    shut: Sequence[HtmlElement] = (),
) -> tuple[Mark, ...]:
    """All marks of a page, each once, in order of kind; at most ``MOST_MARKS``.

    ``lines`` are what readers see, ``shut`` the elements that hide themselves.
    """
    sunk = sunk_boxes(markup)
    found = {
        *_of_scripts(scripts, url),
        *_pointing(markup, url, set(shut)),
        *_sunk(markup, url, sunk),
        *_stuffed(markup, text, canon, url, dict.fromkeys((*shut, *sunk))),
        *(_woven(body, markup, url) if body is not None else ()),
        *(_coded(text, url) if "&#" in text else ()),
        *_before_all(text, url),
        *(_defaced(markup) if len(text) < _LONGEST_COMMENT else ()),
        *(Mark("shown", line[:_LONGEST]) for line in lines if is_sales_talk(line)),
    }
    return tuple(sorted(found, key=lambda mark: (mark.kind, mark.seen))[:MOST_MARKS])


def _is_foreign(address: str, url: str | None) -> bool:
    if not url or "//" not in address[:8]:
        return False
    host = host_of(address)
    return bool(host) and registered(host) != registered(host_of(url))


def _of_scripts(scripts: list[Script], url: str | None) -> Iterator[Mark]:
    for script in scripts:
        for address in script.writes:
            if _is_foreign(address, url):
                yield Mark("writes", host_of(address))
        if script.disguised:
            yield Mark("disguised")
        if script.asks and (script.leaps or script.writes or script.disguised):
            yield Mark("asks")


def _pointing(markup: Markup, url: str | None, shut: Collection[HtmlElement]) -> Iterator[Mark]:
    """Links, scripts and frames of other sites that owners do not put in so."""
    hosts: dict[str, str] = {}
    for element in markup.tree.iter("a", "script", "iframe", "frame"):
        address = element.get("href" if element.tag == "a" else "src") or ""
        if "//" not in address[:8]:
            continue
        origin = "/".join(address.split("/", 3)[:3])
        if origin not in hosts:
            hosts[origin] = host_of(origin) if _is_foreign(origin, url) else ""
        host = hosts[origin]
        if host and not is_honest(host):
            yield from _of_pointer(element, address, host, shut)


def _of_pointer(element: HtmlElement, address: str, host: str, shut: Collection[HtmlElement]) -> Iterator[Mark]:
    words = tidy(element.text_content())
    lost = is_throwaway(host)
    if lost and not names_a_body(words):
        yield Mark("throwaway", host)
    if element.tag == "a":
        offer = words if sells(words) else _beside_offer(element, words)
        if offer:
            yield Mark("sells", f"{offer} {host}")
    elif element.tag == "script":
        if lost and not _LIBRARY.search(address):
            yield Mark("loads", host)
    elif _covers(element):
        yield Mark("covers", host)
    elif element.tag == "iframe" and _slips_in(element, shut):
        yield Mark("slips", host)


def _beside_offer(anchor: HtmlElement, words: str) -> str:
    """The short line that sells where its link only says 点击进入; empty where it sells nothing."""
    line = anchor.getparent()
    if line is None or len(line) > _FEW_PARTS or not _POINTING.search(words):
        return ""
    said = tidy(line.text_content())
    return said if sells(said) else ""


def _slips_in(frame: HtmlElement, shut: Collection[HtmlElement]) -> bool:
    """Whether a frame is put where nobody sees it: without size, or hidden by itself or by a box that holds only it.

    One that says what to do when it has loaded grows then; a film in a tab that is closed has a size.
    """
    if frame.get("onload"):
        return False
    sides = [side for name in ("width", "height") if (side := frame.get(name))] + _SIZE.findall(
        frame.get("style") or ""
    )
    small = [_NO_SIZE.match(side) is not None for side in sides]
    if (small and all(small)) or frame in shut:
        return True
    box = frame.getparent()
    return not sides and box is not None and box in shut and len(box) == 1 and not tidy(box.text_content())


def _covers(frame: HtmlElement) -> bool:
    if frame.tag == "frame":
        return "100%" in (frame.getparent().get("rows") or frame.getparent().get("cols") or "100%")
    boxes = [frame, *islice(frame.iterancestors(), 3)]
    styles = [box.get("style") or "" for box in boxes]
    full = len(_FULL.findall(styles[0])) + sum(frame.get(side) in ("100%", "100vh") for side in ("width", "height"))
    return full > 1 and any(map(_FIXED.search, styles))


def _sunk(markup: Markup, url: str | None, sunk: Sequence[HtmlElement]) -> Iterator[Mark]:
    """Where links to other sites lead that are hidden as only search engines do not mind."""
    boxes = (*sunk, *markup.tree.iter("noscript"))
    for anchor in (anchor for box in boxes for anchor in box.iter("a")):
        address = resolve(anchor.get("href"), url, markup.base)
        if address and _is_foreign(address, url):
            yield Mark("sunk", host_of(address))


def _unseen_anchors(markup: Markup) -> Iterator[HtmlElement]:
    for element in markup.tree.iter("noscript"):
        yield from element.iter("a")
    for element in boxes_of_own_colour(markup):
        yield from element.iter("a")


def _comments(text: str) -> Iterator[str]:
    for start in islice(_COMMENT.finditer(text), _MOST_COMMENTS):
        end = text.find("-->", start.end(), start.end() + _LONGEST_COMMENT)
        if end > 0:
            yield text[start.end() : end]


def _stuffed(
    markup: Markup, text: str, canon: Canoniser, url: str | None, hidden: Collection[HtmlElement]
) -> Iterator[Mark]:
    """Words for search engines in pictures' names, comments, ``noscript`` and boxes that are hidden."""
    said: list[tuple[str, str]] = []
    for image in markup.tree.iter("img"):
        said += [("alt", tidy(name)) for side in ("alt", "title") if (name := image.get(side))]
    said += [
        ("comment", tidy(unescape(_TAGS.sub(" ", comment)))) for comment in _comments(text) if _HANZI.search(comment)
    ]
    said += [("noscript", tidy(box.text_content())) for box in markup.tree.iter("noscript")]
    said += [("hidden", _own_words(element, url)) for element in hidden]
    for kind, words in dict.fromkeys(said):
        if len(words) >= _SHORTEST and (is_stuffed(words) or (kind == "alt" and is_list_of_names(words))):
            yield Mark(kind, canon.line(words[:_LONGEST]))


def _own_words(box: HtmlElement, url: str | None) -> str:
    """What a hidden box says, without its links to the site itself and to where every honest page points.

    A menu's entries and a tab's headlines lead somewhere; words for search engines need not, or lead to a stranger.
    """
    if box.find(".//a") is None:
        return tidy(box.text_content()[:2000])
    words = box.text_content()
    if len(words) > _LONGEST_BOX:
        return ""
    for anchor in box.iter("a"):
        href = anchor.get("href") or ""
        if not _is_foreign(href, url) or is_honest(host_of(href)):
            words = words.replace(anchor.text_content(), " ", 1)
    return tidy(words)


def _woven(body: HtmlElement, markup: Markup, url: str | None) -> Iterator[Mark]:
    """Links to other sites that stand on a word of a sentence and do not say that they lead anywhere."""
    for anchor in body.iter("a"):
        address = resolve(anchor.get("href"), url, markup.base)
        if not address or not _is_foreign(address, url):
            continue
        words = tidy(anchor.text_content())
        if not 1 < len(words) <= _LONGEST_WORD or _POINTING.search(words) or names_a_body(words):
            continue
        before, after = _beside(anchor)
        inside = _HANZI.match(before[-1:]) or _HANZI.match(after[:1])
        if inside and len(_HANZI.findall(before + after)) >= _AROUND:
            yield Mark("woven", f"{words} {host_of(address)}")


def _beside(anchor: HtmlElement) -> tuple[str, str]:
    """The text that runs right up to a link and right on from it."""
    last, around = anchor.getprevious(), anchor.getparent()
    before = last.tail if last is not None else around.text if around is not None else ""
    return tidy(before or ""), tidy(anchor.tail or "")


def _coded(text: str, url: str | None) -> Iterator[Mark]:
    """Titles and labels spelled in codes on a page whose text is not; the address of a script of another site."""
    if _CODED_TITLE.search(text) or _CODED_META.search(text):
        yield Mark("coded")
    for found in _CODED_SCRIPT.findall(text):
        address = unescape(found)
        if _is_foreign(address, url):
            yield Mark("loads", host_of(address))


def _before_all(text: str, url: str | None) -> Iterator[Mark]:
    """A script of another site before the document begins: put there by who can write files and does not look."""
    first = _FIRST_SCRIPT.match(text)
    if first and _DOCUMENT.search(text, first.end()) and _is_foreign(first[1], url):
        yield Mark("loads", host_of(first[1]))


def _defaced(markup: Markup) -> Iterator[Mark]:
    """A page that says little but that it was broken into."""
    shown = " ".join(markup.titles)
    body = markup.tree.find(".//body")
    page = tidy(body.text_content()[:20_000]) if body is not None else ""
    said = _DEFACED.search(shown) or (_DEFACED.search(page) if len(page) < _SHORT_PAGE else None)
    if said:
        yield Mark("defaced", said[0][:_LONGEST])
