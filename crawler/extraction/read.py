"""Reading a page: bytes in, an ``Article`` out. Pure, and never raises: a page's trouble is its kind and its flags."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from lxml.html import HtmlElement

from crawler.discovery.answer import Answer, read_answer
from crawler.discovery.epaper import day_pages
from crawler.discovery.listing import Listing, find_links
from crawler.discovery.paging import next_part
from crawler.discovery.shell import named_services
from crawler.discovery.sitemap import unpacked
from crawler.extraction.canonical import Canonical
from crawler.extraction.decode import Decoded, decode
from crawler.extraction.furniture import without_button
from crawler.extraction.kind import Evidence, decide
from crawler.extraction.learned import Learned, reading_name
from crawler.extraction.listed import (
    is_called,
    is_compact,
    is_dated,
    is_entitled,
    is_front,
    is_named,
    is_plain,
    is_shell,
    summaries,
)
from crawler.extraction.markup import LONGEST
from crawler.extraction.media import find_attachments, shows_media
from crawler.extraction.missing import is_broken, is_upkeep, verdict
from crawler.extraction.outline import SOME_TEXT, Outline, outline
from crawler.extraction.pagetitle import squash
from crawler.extraction.surface import is_taken_over, is_tampered, read_surface
from crawler.extraction.template import template_of
from crawler.platforms import recognise
from storage.records import Article, PageKind, Role

EXTRACTOR = "6"
"""Changes whenever reading changes: versions read by different extractors are read again before they are compared."""

_SCRIPTED = re.compile(
    r"\$\.(?:ajax|get|post|getJSON)\s*\(|\bfetch\s*\(|XMLHttpRequest|axios|new\s+Vue|createApp\(|ReactDOM|__NEXT_DATA__|"
    r"id=[\"']?(?:app|root)[\"']?[\s>]|\.innerHTML\s*=|\.html\s*\("
)
_INDEX_TITLE = re.compile(r"^[^\s_|-]{0,8}(?:首页|主页|列表)\s*(?:[_|-].*)?$")
"""A ``<title>`` that calls its page an index (公告首页)."""
_NEAR_HEADLINE = 4
"""Characters by which a first paragraph may be longer or shorter than the headline and still only repeat it."""
_FRONT = "front"
"""The flag of a page that is all blocks of links: neither an article nor a list, and framed around nothing."""
_SETTLED = 250
"""Characters of running text from which a page watched as an article is not looked over for a list as well."""
_SOME_LINKS = 3
_LONGEST_HEADING = 8
"""Characters that the heading of a list of links has at most (24小时热榜)."""
_MOSTLY = 0.5
"""The share of links from which a line leads elsewhere."""
_END = re.compile(r"</(?:body|html)\s*>", re.IGNORECASE)
_TAIL = 20_000
"""Characters at a page's end in which its markup is closed, if it is: counters and pop-ups may stand behind."""
_CUT_SHORT = frozenset({"binary", "oversized"})
"""Flags of what has no end that could be looked at."""
_A_LIST = 1.0
"""Links and score from which a page prints a list itself (see ``Listing.score``)."""


def read_page(
    body: bytes,
    url: str | None = None,
    *,
    role: Role | None = None,
    learned: Learned | None = None,
    wary: bool | None = None,
) -> Article:
    """What a page says. ``role`` is what its address is watched as, and decides in doubt; ``None`` asks the page alone.

    ``learned`` is what its site taught; where nothing but that is on the page, the page is read without, and has the
    flag ``furniture-only``. ``wary`` looks for what hijackers plant as well (the surface's marks), a fifth of the work
    and of use only to who compares: by default where there is a role. Never raises. Bodies that are no text, or larger
    than ``markup.LONGEST`` bytes, come back ``EMPTY`` with a flag.
    """
    if len(body) > LONGEST:
        return Article(PageKind.EMPTY, flags=("oversized",), extractor=reading_name(EXTRACTOR, learned))
    decoded = decode(body if role is Role.ARTICLE else unpacked(body, LONGEST) or body)
    if role is not Role.ARTICLE and (answer := read_answer(decoded.text, url)) is not None:
        return _answered(answer, decoded, url, role)
    wary = role is not None if wary is None else wary
    article = _read(decoded, url, role, learned, wary=wary)
    if learned and article.kind in (PageKind.EMPTY, PageKind.LIST):
        unlearned = _read(decoded, url, role, None, wary=wary)
        if unlearned.kind is PageKind.ARTICLE:
            article = replace(unlearned, flags=(*unlearned.flags, "furniture-only"))
    return replace(article, extractor=reading_name(EXTRACTOR, learned))


def _read(decoded: Decoded, url: str | None, role: Role | None, learned: Learned | None, *, wary: bool) -> Article:
    page = outline(decoded.text, learned)
    listing = Listing()
    if page.running < _SETTLED or role is Role.COLUMN or not (role is Role.ARTICLE or is_plain(page)):
        listing = find_links(page.markup.tree, url, base=page.markup.base)
    kind = _kind(page, decoded.text, listing, url, role)
    if role is None and kind is PageKind.EMPTY and is_front(page, listing):
        return _finish(Article(kind, flags=(_FRONT,), links=listing.links), page, decoded, url, wary=wary)
    return _finish(_content(page, kind, listing, url), page, decoded, url, wary=wary)


def _answered(answer: Answer, decoded: Decoded, url: str | None, role: Role | None) -> Article:
    """What a list service, a feed or a sitemap says; one that lists nothing is a list only where one is expected."""
    is_list = role is Role.COLUMN or bool(answer.links or answer.services)
    platform = recognise(decoded.text, url)
    return Article(
        PageKind.LIST if is_list else PageKind.EMPTY,
        links=answer.links,
        next_page=answer.next_page,
        lists=answer.services,
        encoding=decoded.encoding,
        platform=platform.name if platform else None,
        flags=decoded.flags,
        extractor=EXTRACTOR,
    )


def _kind(page: Outline, text: str, listing: Listing, url: str | None, role: Role | None) -> PageKind:
    shares = [line.link_share for line in page.sheet.lines]
    dated = page.labels.published_at is not None
    trouble = verdict(
        page.markup.titles, page.sheet.plain, shares, text, running=page.running, dated=dated, headline=page.title
    )
    if trouble:
        return trouble
    metas = page.markup.metas
    running = page.running - summaries(page, listing)
    evidence = Evidence(
        running=running,
        front=is_front(page, listing),
        compact=is_compact(page),
        titled=is_entitled(page),
        called=is_called(page),
        shell=not listing.turned and is_shell(page),
        named=is_named(page),
        headline=page.headline is not None and page.headline.line is not None,
        dated=is_dated(page, listing),
        framed=page.container is not None,
        labelled="articletitle" in metas or "title" in page.markup.properties,
        contained=page.body is not None and page.body.how == "selector",
        embedded=page.running < SOME_TEXT and _shows(page),
        text=page.text,
        index_title=any(_INDEX_TITLE.match(title) for title in page.markup.titles[:1]),
        mostly_links=sum(line.linked for line in page.sheet.lines) > running,
        links=len(listing.links),
        list_score=listing.score,
    )
    return decide(evidence, url, role)


def _shows(page: Outline) -> bool:
    """Whether a page without text shows a picture, a film or a document in its place, or offers one."""
    return shows_media(page.holder) or page.is_pictured or bool(find_attachments(page.frame, None))


def _content(page: Outline, kind: PageKind, listing: Listing, url: str | None) -> Article:
    """The parts of the article that the page's kind calls for."""
    if kind is PageKind.LIST:
        listed = len(listing.links) >= _SOME_LINKS and listing.score > _A_LIST
        named = named_services(page.markup.tree, url, page.markup.base, listed=listed)
        behind = listing.next_page or named.behind
        return Article(kind, links=listing.links, next_page=behind, lists=named.first)
    if kind in (PageKind.MISSING, PageKind.BLOCKED):
        return Article(kind)
    paragraphs, canonical = ((), Canonical(())) if kind is PageKind.EMPTY else _paragraphs(page)
    labels, markup = page.labels, page.markup
    return Article(
        kind,
        published_at=labels.published_at,
        source=labels.source,
        authors=labels.authors,
        editors=labels.editors,
        abstract=labels.abstract,
        document_number=labels.document_number,
        index_number=labels.index_number,
        paragraphs=paragraphs,
        canonical=canonical.paragraphs,
        flags=canonical.flags,
        attachments=find_attachments(page.frame, url, markup.base),
        next_page=next_part(page.frame, url, markup.base) if kind is PageKind.ARTICLE else None,
        provenance=dict(labels.provenance),
    )


def _paragraphs(page: Outline) -> tuple[tuple[str, ...], Canonical]:
    """The body's paragraphs, without bylines, the abstract and a first paragraph that only repeats the headline."""
    if page.body is None:
        return (), Canonical(())
    used = set(page.labels.used)
    kept = [i for i in page.body.kept if i not in used]
    if kept and page.title and _repeats(page.sheet.plain[kept[0]], page.title):
        kept = kept[1:]
    paragraphs, canonical = (page.sheet.lines[i].text for i in kept), page.sheet.canonical(kept)
    cleared = tuple(map(without_button, canonical.paragraphs))
    return tuple(map(without_button, paragraphs)), replace(canonical, paragraphs=cleared)


def _repeats(paragraph: str, headline: str) -> bool:
    """Whether a paragraph is the headline again, give or take a word (…走笔)."""
    first, title = squash(paragraph), squash(headline)
    if first == title:
        return True
    near = len(title) >= 8 and abs(len(first) - len(title)) <= _NEAR_HEADLINE
    return near and (first.startswith(title) or title.startswith(first))


def _finish(article: Article, page: Outline, decoded: Decoded, url: str | None, *, wary: bool) -> Article:
    """The article with what every page has: title, site, surface, template, encoding, flags."""
    markup, title = page.markup, page.title
    surface = read_surface(page.sheet, markup, url, decoded.text, _box_of(page), wary=wary)
    platform = recognise(decoded.text, url)
    provenance = dict(article.provenance)
    printed: dict[str, str] = {}
    if page.headline and title:
        provenance["title"] = page.headline.how
        if title != page.headline.text:
            printed["title"] = page.headline.text
    is_list, is_framed = article.kind is PageKind.LIST, _FRONT not in article.flags
    flags = [*decoded.flags, *markup.flags, *article.flags]
    if is_tampered(surface, title, article.canonical) or (
        article.kind in (PageKind.EMPTY, PageKind.LIST) and is_taken_over(surface)
    ):
        flags.append("tampered")
    if wary and not _CUT_SHORT.intersection(flags) and not _END.search(decoded.text, max(0, len(decoded.text) - _TAIL)):
        flags.append("unclosed")
    if not article.paragraphs and not article.links and is_framed and _SCRIPTED.search(decoded.text):
        flags.append("scripted")
    flags += _instead(page, article.kind) if wary else ()
    return replace(
        article,
        title=title,
        column=page.sheet.canon.line(markup.metas.get("columnname", "")) or None,
        site_name=page.sheet.canon.line(markup.metas.get("sitename", "")) or None,
        encoding=decoded.encoding,
        platform=platform.name if platform else None,
        flags=tuple(dict.fromkeys(flags)),
        provenance=provenance,
        printed=printed,
        extractor=EXTRACTOR,
        surface=surface,
        lists=(*article.lists, *(day_pages(markup.tree, url, surface.redirects) if url and is_list else ())),
        template=_frame_of(page) if is_framed and not is_list else "",
    )


def _instead(page: Outline, kind: PageKind) -> Iterator[str]:
    """Flags of a page that may stand in an article's place: what of it speaks for that."""
    lines, titles, plain = page.sheet.lines, page.markup.titles, page.sheet.plain
    shares = [line.link_share for line in lines]
    if kind is PageKind.EMPTY and is_broken(titles, plain, shares):
        yield "server-error"
    elif is_upkeep(titles, plain, shares):
        yield "maintenance"
    if kind is PageKind.ARTICLE and page.body is not None:
        said = [i for i in page.body.kept if len(plain[i]) > _LONGEST_HEADING]
        if len(said) >= _SOME_LINKS and all(shares[i] >= _MOSTLY for i in said):
            yield "links-only"


def _frame_of(page: Outline) -> str:
    """The sketch of what stands around the article."""
    return template_of(page.markup.tree, _box_of(page))


def _box_of(page: Outline) -> HtmlElement | None:
    """The box that the article stands in."""
    return page.sheet.boxes[page.body.box].element if page.body else None
