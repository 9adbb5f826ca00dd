"""Looks at a site from one address, as a guest would: few pages, one after another, none of another host.

The one part of a survey with effects: it asks for pages through ``fetch``, and decides with the pure rest of this
package what they are and which to ask for next.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin

from crawler.addresses import plain_address, same_page
from crawler.extraction.decode import decode
from crawler.extraction.read import read_page
from crawler.fetch import Fetched
from crawler.sites import Site
from crawler.survey.doors import (
    choose,
    find_crumbs,
    find_doors,
    find_feeds,
    kind_of,
    own_name,
    paper_front,
    sitemaps,
)
from crawler.survey.look import LEAST_ARTICLES, Look, look_at, why_not, with_more
from crawler.survey.naming import short_title, site_name
from crawler.survey.pattern import article_pattern
from crawler.survey.records import Column, ColumnKind, Door, Sample, Survey
from storage.records import PageKind, Role

MOST_PAGES = 12
"""Pages asked for in a survey, ``robots.txt`` among them."""
MOST_DOORS = 6
MOST_CRUMBS = 3
MOST_SAMPLES = 3
_SAME_LIST = 0.8
"""The share of articles in common from which two columns are one list under two names."""

Fetch = Callable[[Sequence[str]], list[Fetched]]
"""Asks for pages in order, one answer each."""
Tell = Callable[[str], None]
"""Hears, in a few words, what is being done."""


@dataclass
class _Walk:
    """What has been asked for so far, what came, and what did not."""

    site: Site
    fetch: Fetch
    tell: Tell
    looks: dict[str, Look] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)
    pages: dict[str, Fetched] = field(default_factory=dict)

    def ask(self, urls: Iterable[str], doing: str) -> dict[str, Fetched]:
        """Ask for pages, each once and as long as patience lasts; returns those that were asked for, now or before."""
        urls = list(dict.fromkeys(urls))
        wanted = [url for url in urls if url not in self.pages][: MOST_PAGES - len(self.pages)]
        if wanted:
            self.tell(doing)
            self.pages |= zip(wanted, self.fetch(wanted), strict=True)
        return {url: self.pages[url] for url in urls if url in self.pages}

    def see(self, urls: Iterable[str], doing: str) -> list[Look]:
        """Ask for pages and look at them; those that did not come are told among the troubles."""
        seen = []
        for url, page in self.ask((url for url in urls if url not in self.looks), doing).items():
            look = look_at(page, self.site)
            if not isinstance(look, str):
                self.looks[url] = look
                seen.append(look)
            elif (trouble := f"{url}  {look}") not in self.troubles:
                self.troubles.append(trouble)
        return seen


def survey(url: str, fetch: Fetch, tell: Tell = lambda _: None) -> Survey:
    """What stands behind an address: a home page, column, article, feed or sitemap. Asks at most ``MOST_PAGES`` pages.

    Never raises for what a page is; a survey without columns says in ``troubles`` why.
    """
    url = plain_address(url)
    walk = _Walk(Site(key="survey", name="survey", columns=(url,)), fetch, tell)
    maps = _first_look(walk, url)
    given = walk.looks.get(url)
    if given is None:
        return Survey(url, troubles=tuple(walk.troubles))
    columns, also = _columns(walk, given, url)
    kept = [each for each in columns if each.kind is not ColumnKind.OTHER] or columns
    if not kept:
        walk.troubles.append(f"{url}  {_why_nothing(given)}")
    best = next((each for each in kept if each.kind is ColumnKind.NEWS), kept[0] if kept else None)
    samples = _samples(walk, best) if best else ()
    return _summary(walk, given, Survey(
        url, columns=tuple(kept), others=tuple(each for each in columns if each not in kept), also=also,
        feeds=(*find_feeds(given.markup, given.url, walk.site.owns), *maps), samples=samples,
    ))  # fmt: skip


def _first_look(walk: _Walk, url: str) -> tuple[str, ...]:
    """Look at the given address; returns the sitemaps that the site's robots.txt names."""
    robots = urljoin(url, "/robots.txt")
    pages = walk.ask([url, robots], "读这个网址")
    walk.see([url], "")
    text = decode(pages[robots].body).text if pages[robots].status == 200 else ""
    return sitemaps(text, robots, walk.site.owns)


def _columns(walk: _Walk, given: Look, url: str) -> tuple[list[Column], tuple[Door, ...]]:
    """The columns found from the given page, and the doors that were not tried."""
    if front := paper_front(given.url):
        return _from_home(walk, front)
    if given.is_home:
        return _behind(walk, given)
    if given.article.kind is PageKind.ARTICLE:
        crumbs = find_crumbs(given.markup, given.url, walk.site.owns, given.article.column)
        if found := _tried(walk, crumbs[:MOST_CRUMBS]):
            return found[:1], ()
    elif column := _itself(walk, given, url):
        return [column], ()
    columns, also = _behind(walk, given)
    return (columns, also) if columns else _from_home(walk, urljoin(given.url, "/"))


def _from_home(walk: _Walk, home: str) -> tuple[list[Column], tuple[Door, ...]]:
    """The columns behind a site's front page, or a paper's, that the person did not name."""
    walk.see([home], "读首页")
    look = walk.looks.get(home)
    return _behind(walk, look) if look is not None else ([], ())


def _behind(walk: _Walk, look: Look) -> tuple[list[Column], tuple[Door, ...]]:
    """The columns that a page leads to, or the page itself where that is a list and leads to none."""
    doors = find_doors(look.markup, look.url, walk.site.owns)
    chosen = choose(doors, MOST_DOORS)
    if found := _tried(walk, chosen):
        return found, tuple(each for each in doors if each not in chosen and each.kind is not ColumnKind.OTHER)
    column = _itself(walk, look, look.url) if look.article.kind is not PageKind.ARTICLE else None
    if column is None and (further := _sent_on(walk, look)):
        return _behind(walk, further)
    return ([column] if column else []), ()


def _sent_on(walk: _Walk, look: Look) -> Look | None:
    """Where an empty front page sends its visitors by itself, if that is the same site."""
    targets = [url for url in look.article.surface.redirects if walk.site.owns(url) and plain_address(url) != look.url]
    seen = walk.see(map(plain_address, targets[:1]), "跟着首页走") if not look.headlines else []
    return seen[0] if seen else None


def _itself(walk: _Walk, look: Look, url: str) -> Column | None:
    """A page as the column that it is itself, called as its label, its links to itself or its ``<title>`` say."""
    filled = _filled(walk, look)
    if not filled.is_column:
        return None
    named = look.article.column or own_name(look.markup, look.url, walk.site.owns)
    title = named or short_title(look.title) or url
    return _as_column(filled, Door(url, title, kind_of(title)[0]))


def _tried(walk: _Walk, doors: Sequence[Door]) -> list[Column]:
    """The doors behind which a column is, each list once."""
    walk.see((door.url for door in doors), f"试读 {len(doors)} 个栏目")
    found: list[Column] = []
    for door in doors:
        look = walk.looks.get(door.url)
        if look is None:
            continue
        look = _filled(walk, look)
        if not look.is_column:
            continue
        column = _as_column(look, door)
        if not any(_is_same_list(column, other) for other in found):
            found.append(column)
    return found


def _filled(walk: _Walk, look: Look) -> Look:
    """A page that lists nothing itself, with what the first further list that it names does."""
    if look.is_column or not look.listed.lists or len(walk.pages) >= MOST_PAGES - MOST_SAMPLES:
        return look
    more = walk.see(look.listed.lists[:1], "读栏目的列表")
    return with_more(look, more[0]) if more else look


def _as_column(look: Look, door: Door) -> Column:
    return Column(door.url, door.title, door.kind, look.headlines, look.listed.next_page)


def _is_same_list(one: Column, other: Column) -> bool:
    ours, theirs = ({link.url for link in each.links} for each in (one, other))
    return len(ours & theirs) >= _SAME_LIST * min(len(ours), len(theirs)) or same_page(one.url, other.url)


def _samples(walk: _Walk, column: Column) -> tuple[Sample, ...]:
    """The newest articles of a column, read."""
    newest = sorted(column.links, key=lambda link: link.date or "", reverse=True)[:MOST_SAMPLES]
    pages = walk.ask((link.url for link in newest), f"试读 {len(newest)} 篇文章")
    return tuple(_sample(url, page) for url, page in pages.items())


def _sample(url: str, page: Fetched) -> Sample:
    if trouble := why_not(page):
        return Sample(url, trouble=trouble)
    return Sample(url, read_page(page.body, page.final_url or url, role=Role.ARTICLE))


def _why_nothing(given: Look) -> str:
    if "scripted" in given.article.flags or "scripted" in given.listed.flags:
        return "网页由脚本画出,读不到链接;请直接给出栏目的网址"
    if given.elsewhere:
        return f"列出的文章都在 {given.elsewhere};请给出那里的栏目的网址"
    return f"没有找到列出至少 {LEAST_ARTICLES} 篇文章的栏目;请直接给出栏目的网址"


def _summary(walk: _Walk, given: Look, found: Survey) -> Survey:
    """The survey with what all its pages tell together: name, system, encoding, address pattern."""
    looks = [given, *(look for look in walk.looks.values() if look is not given)]
    articles = [sample.article for sample in found.samples if sample.article] + [look.article for look in looks]
    systems = Counter(article.platform for article in articles if article.platform)
    encodings = Counter(article.encoding for article in articles)
    lists = [look.title for look in looks if look.article.kind is not PageKind.ARTICLE]
    listed = [link.url for column in (*found.columns, *found.others) for link in column.links]
    pattern, covered = article_pattern(listed)
    titles = [look.title for look in looks if look.title]
    titles += [sample.article.surface.title for sample in found.samples if sample.article]
    name = site_name([look.markup.metas for look in looks], titles, lists, found.url)
    return replace(
        found,
        name=name,
        columns=tuple(_apart(column, walk.looks.get(column.url), name) for column in found.columns),
        system=systems.most_common(1)[0][0] if systems else None,
        encoding=encodings.most_common(1)[0][0],
        pattern=pattern,
        covered=covered,
        troubles=tuple(walk.troubles),
    )


def _apart(column: Column, look: Look | None, site: str) -> Column:
    """A column that would be called as its site is, by another part of its ``<title>`` where that has one."""
    named = short_title(look.title, site) if look is not None and column.title == site else None
    return replace(column, title=named, kind=kind_of(named)[0]) if named else column
