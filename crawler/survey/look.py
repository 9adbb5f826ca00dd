"""What one fetched page is to a survey: column, article, home page or feed; or a line that says why it is none."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from crawler.addresses import INDEX_PAGE, plain_address
from crawler.extraction.decode import decode
from crawler.extraction.markup import Markup, parse
from crawler.extraction.read import read_page
from crawler.fetch import Fetched
from crawler.named import own_links
from crawler.platforms import is_article_address
from crawler.sites import Site
from storage.records import Article, Link, PageKind, Role

LEAST_ARTICLES = 3
"""Own articles that a page must list to be a column."""
_A_HEADLINE = 8
"""Characters from which a link without date and number may be a headline."""
_ERRORS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"robots\.txt"), "robots.txt 不许访问"),
    (re.compile(r"Timeout|timed out|took longer|cut off"), "等不到回答"),
    (re.compile(r"DNS|resolve|not known", re.IGNORECASE), "找不到这台主机"),
    (re.compile(r"Refused|refused"), "主机拒绝连接"),
    (re.compile(r"http\(s\)"), "不是网址"),
    (re.compile(r"larger|Cancelled|maxsize"), "网页太大"),
)
_AWAY = re.compile(r"leads off the site: (\S+)")
_STATUSES = {401: "要求登录", 403: "拒绝访问", 404: "网页不存在", 410: "网页已撤下", 412: "拒绝访问"}


@dataclass(frozen=True, slots=True)
class Look:
    """A page that came: its address in the end, and what it says when it is read as itself and as a column.

    ``article`` has its own kind; ``listed`` holds the links of its own site that it shows if it is taken for a list,
    ``elsewhere`` is the host that most of the others lead to.
    """

    url: str
    article: Article
    listed: Article
    markup: Markup
    elsewhere: str | None = None

    @property
    def title(self) -> str:
        """Its ``<title>``, empty where it has none."""
        return self.markup.titles[0] if self.markup.titles else ""

    @property
    def headlines(self) -> tuple[Link, ...]:
        """The links that can be articles: dated, numbered as articles are, or as long as a headline."""
        return tuple(
            link
            for link in self.listed.links
            if link.date or is_article_address(link.url) or len(link.title) >= _A_HEADLINE
        )

    @property
    def is_home(self) -> bool:
        """Whether its address is its host's front page."""
        parts = urlsplit(self.url)
        return INDEX_PAGE.sub("/", parts.path) in ("", "/") and not parts.query

    @property
    def is_column(self) -> bool:
        """Whether it lists articles of its own site itself, or names further lists that may."""
        return len(self.headlines) >= LEAST_ARTICLES


def why_not(page: Fetched) -> str | None:
    """Why a page did not come, in a few words; ``None`` where it did."""
    if page.error:
        if away := _AWAY.search(page.error):
            return f"跳往别的网站,没有跟去: {away[1]}"
        return next((said for sign, said in _ERRORS if sign.search(page.error)), page.error.splitlines()[0])
    return None if page.status == 200 else f"{_STATUSES.get(page.status or 0, '回答异常')} ({page.status})"


def look_at(page: Fetched, site: Site) -> Look | str:
    """A page as a survey sees it, or in one line why there is none to see."""
    if trouble := why_not(page):
        return trouble
    url = plain_address(page.final_url or page.url)
    if not site.owns(url):
        return f"跳往别的网站 {url}"
    article = read_page(page.body, url)
    if trouble := _trouble(article):
        return trouble
    whole = read_page(page.body, url, role=Role.COLUMN)
    listed = own_links(site, url, whole)
    decoded = decode(page.body)
    # A packed sitemap is no text either, and lists all the same.
    if "binary" in decoded.flags and not (listed.links or listed.lists):
        return "不是网页"
    away = Counter(host for link in whole.links if (host := urlsplit(link.url).netloc) and not site.owns(link.url))
    elsewhere = next((host for host, count in away.most_common(1) if count >= LEAST_ARTICLES), None)
    return Look(url, article, listed, parse(decoded.text), elsewhere)


def _trouble(article: Article) -> str | None:
    if article.kind is PageKind.BLOCKED:
        return "防火墙的拦截页"
    if article.kind is PageKind.MISSING:
        return "网页说内容不存在"
    if "oversized" in article.flags:
        return "网页太大"
    return None


def with_more(look: Look, more: Look) -> Look:
    """A column whose list stands on another page of it (a paper's day, a list service), with what that lists."""
    return replace(look, listed=replace(look.listed, links=more.listed.links, next_page=more.listed.next_page))
