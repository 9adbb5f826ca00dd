"""Each link of a page with what stands around it: how much it looks like an article's, and where in the page it is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from lxml.html import HtmlElement

from crawler.discovery.anchors import Anchor
from crawler.discovery.headings import best_title, date_of
from crawler.extraction.markup import tidy
from crawler.platforms import is_article_address, is_column_address
from storage.records import Link

DEEPEST = 48
"""Elements around a link that are looked at."""

_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|foot\w*|crumbs?|breadcrumb|friend\w*|links?|flink\w*|yqlj|hot\w*|rank\w*|paihang|phb|recommend\w*|tuijian|related|"
    r"share\w*|page[rs]?|paging|pagination|fenye|topbar|toolbar|login|search\w*|daohang|dh|copyright|tags?)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_LONGEST_NAMES = 200
"""Characters of an element's names that are looked at, and remembered."""
_ASIDE_HEADING = re.compile(
    r"^\W*(?:热门|热点|排行|点击|推荐|相关|友情链接|快速(?:链接|通道)|猜你|最热|专题推荐|网站地图|24小时|一周|图片推荐)|"
    r"^\W*\S{2,6}(?:排行榜?|热榜)\W*$"
)
_MONTH_DAY = re.compile(r"(?<![\d.])(?:0?[1-9]|1[0-2])(?:[-/.]|\s?月\s?)(?:0?[1-9]|[12]\d|3[01])日?(?![\d.%‰])")
"""A day without its year beside a link, as (11-15) or 11月16日: no date, but a sign of a column."""
_NO_TITLE = re.compile(
    r"^[\s\[【(（<《>»·|]*(?:首页|上一?页|下一?页|尾页|末页|更多|more|查看更多|详细|详情|阅读全文|返回\S{0,4}|登录|注册|设为首页|加入收藏|联系我们|关于我们|网站地图|\d{1,4})"
    r"[\s\]】)）>》»·|]*$|^\s*[\[【(（][^\]】)）]{1,8}[\]】)）]\s*$",
    re.IGNORECASE,
)
_TOOL = re.compile(
    r"[\s\[【(（|]*(?:我要|查看|发表|网友)?(?:评论|跟帖|参与|转发|分享|收藏|点赞|赞|阅读|浏览|点击|回复|留言|打印)(?:数|量)?"
    r"[\s:：]*[(（\[]?\s*\d*\s*[)）\]】]?\s*[条次人]?\s*[\])）】|]*"
)
_DIGITS = re.compile(r"\d{3,}")
_DATING = re.compile(r"[\d０-９年]")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|css|js|apk|exe|mp[34])$", re.IGNORECASE)
_DAY_ALONE = 1.5
"""What a day without its year speaks for a link: a little less than a date."""
_PICTURED = 0.7
"""What a picture that leads there too speaks for a link: cards of topics have short names and plain addresses."""
_LONGEST_BESIDE = 300
"""Characters beside a link in which a day without its year is its own."""
_LONGEST_TOLD = 600
"""Characters beside a link that count as its summary."""
_LONGEST_TOOL = 16
_SHORT = 6
"""Characters of a link that only names a column or a place beside the headline in its row."""
_LONG = 8
"""Characters from which a link is long enough to be a headline."""
_NAME = 12
"""Characters, on average, up to which links beside headlines are names."""
_SEVERAL_ROWS = 3
_FIGURES = re.compile(r"\d+")
_NO_LETTERS = re.compile(r"[\d\W]+")
_ROWS = frozenset(("li", "tr", "dd", "dt"))
_WITHIN_ROWS = frozenset(("span", "b", "strong", "td", "p", "em", "h3", "div"))
_HOLDERS = frozenset(("ul", "ol", "table", "tbody", "dl", "div"))
_CLASS_NUMBERS = re.compile(r"\d+|\b(?:odd|even|first|last|on|cur|current|active|hover|selected)\b")


class Entry(NamedTuple):
    """One link of a page with what stands around it.

    ``path`` says where it stands, ``item`` is its list item, table row or card, ``place`` the number of its link among
    all links of the page; ``dated`` where a day is printed beside it, ``told`` the characters of its summary; a
    ``column`` where its address is no article's but a column's.
    """

    link: Link
    path: str
    quality: float
    item: HtmlElement
    dated: bool
    place: int
    told: int
    column: bool


def read_entries(anchors: Sequence[Anchor], url: str | None) -> list[Entry]:
    """The links of a page as entries of some list, one an item; ``url`` is the page's own address."""
    pages = [link for link in anchors if not (_FILE.search(link.address.partition("?")[0]) or _is_tool(link.words))]
    kept = _without_asides_of_rows(pages)
    held = _held(kept)
    items: dict[HtmlElement, list[Anchor]] = {}
    for link in kept:
        items.setdefault(_item(link.element, held), []).append(link)
    reader = _Reader((url or "").split("#", 1)[0])
    found = (reader.entry(item, members) for item, members in items.items())
    return [entry for entry in found if entry is not None]


def _is_tool(words: str) -> bool:
    """Whether a link does something with an article rather than name one: 评论(5)."""
    return 0 < len(words) <= _LONGEST_TOOL and _TOOL.fullmatch(words) is not None


def _beyond_host(address: str) -> str:
    """What follows the host in an address: path and query."""
    scheme = address.find("://")
    if scheme < 0:
        return address
    host_end = address.find("/", scheme + 3)
    return address[host_end:] if host_end >= 0 else address.partition("?")[2]


def _without_asides_of_rows(anchors: list[Anchor]) -> list[Anchor]:
    """The links without those that only name a column, or an account, beside the headline in their row."""
    rows: dict[HtmlElement, list[Anchor]] = {}
    for link in anchors:
        row = link.element.getparent()
        while row is not None and row.tag not in _ROWS and row.tag in _WITHIN_ROWS:
            row = row.getparent()
        if row is not None and row.tag in _ROWS:
            rows.setdefault(row, []).append(link)
    several = {row: members for row, members in rows.items() if len({link.address for link in members}) > 1}
    minor = _column_names(several.values()) | _account_names(several)
    return [link for link in anchors if link.place not in minor] if minor else anchors


def _column_names(rows: Iterable[Sequence[Anchor]]) -> set[int]:
    """The places of links that name the column of the one headline in their row: ``[要闻] 标题``."""
    minor: set[int] = set()
    for members in rows:
        long = {link.address for link in members if len(link.words) >= _LONG}
        if len(long) == 1:
            minor.update(link.place for link in members if 0 < len(link.words) <= _SHORT and link.address not in long)
    return minor


def _account_names(rows: Mapping[HtmlElement, Sequence[Anchor]]) -> set[int]:
    """The places of links that say in row after row whose the headline is, by addresses of a shape of their own."""
    told: dict[tuple[HtmlElement | None, str, str], list[tuple[Anchor, Anchor]]] = {}
    for row, members in rows.items():
        named = [link for link in members if link.words]
        if len(named) == 2:
            short, long = sorted(named, key=_letters)
            shapes = shape_of(short.address), shape_of(long.address)
            if shapes[0] != shapes[1]:
                told.setdefault((row.getparent(), *shapes), []).append((short, long))
    minor: set[int] = set()
    for pairs in told.values():
        names, titles = (sum(_letters(pair[side]) for pair in pairs) for side in (0, 1))
        if len(pairs) >= _SEVERAL_ROWS and names <= _NAME * len(pairs) and titles >= 2 * names:
            minor.update(short.place for short, _ in pairs)
    return minor


def _letters(link: Anchor) -> int:
    """How long a link's words are without figures: a day may stand in them."""
    return len(_NO_LETTERS.sub("", link.words))


def shape_of(address: str) -> str:
    """An address without its figures, which tell one article of a system from the next."""
    return _FIGURES.sub("#", _beyond_host(address))


def _held(anchors: Sequence[Anchor]) -> dict[HtmlElement, str | None]:
    """For every element around a link, the one address it holds; ``None`` where it holds several."""
    held: dict[HtmlElement, str | None] = {}
    for link in anchors:
        address = link.address
        element = link.element.getparent()
        depth = 0
        while element is not None and depth < DEEPEST:
            if element not in held:
                held[element] = address
            elif held[element] is None or held[element] == address:
                break
            else:
                held[element] = None
            element, depth = element.getparent(), depth + 1
    return held


def _item(anchor: HtmlElement, held: dict[HtmlElement, str | None]) -> HtmlElement:
    """The largest element around a link that holds no other address: a list item, a table row, a card."""
    item = anchor
    parent = anchor.getparent()
    while parent is not None and parent.tag not in ("body", "html") and held.get(parent) is not None:
        if item.tag in ("li", "tr", "dd") and parent.tag in _HOLDERS:
            break
        item, parent = parent, parent.getparent()
    return item


def _printed(item: HtmlElement) -> str:
    """What an item prints, as it stands: quick, but without space between one cell and the next."""
    said: str = item.text_content()
    return said if item.tag != "dt" else said + "".join(part.text_content() for part in islice(parts_of(item), 1, None))


def parts_of(item: HtmlElement) -> Iterator[HtmlElement]:
    """The elements of an item: itself, and what a definition list says of a term."""
    yield item
    if item.tag == "dt":
        for beside in item.itersiblings():
            if beside.tag != "dd":
                return
            yield beside


class _Reader:
    """Reads the entries of one page; remembers what it found about the elements around them."""

    def __init__(self, own: str) -> None:
        self._own = own
        self._aside: dict[HtmlElement, bool] = {}
        self._paths: dict[HtmlElement, str] = {}

    def entry(self, item: HtmlElement, members: Sequence[Anchor]) -> Entry | None:
        """The entry of an item; ``None`` for what is no article's."""
        followed = [member for member in members if member.element.get("rel") != "nofollow"]
        if not followed:
            return None
        title, link = best_title(followed)
        address = link.address
        if not title or (len(title) <= _LONGEST_TOOL and _NO_TITLE.match(title)) or address == self._own:
            return None
        around = link.words if item is link.element else _printed(item)
        date, day = None, False
        told = min(_LONGEST_TOLD, max(0, len(around) - len(link.words)))
        if _DATING.search(around):
            around = tidy(" ".join(" ".join(part.itertext()) for part in parts_of(item))).replace(title, " ")
            date = date_of(around)
            day = date is None and len(around) <= _LONGEST_BESIDE and _MONTH_DAY.search(around) is not None
        pictured = len(members) > 1 and any(not each.words and len(each.element) for each in members)
        column = not date and is_column_address(address)
        quality = _quality(title, address) + (2.0 if date else _DAY_ALONE if day else 0.0)
        quality += _PICTURED if pictured else -1.0 if column else 0.0
        quality -= 2.5 if self._stands_aside(item) else 0.0
        path = self._path(item, link.element)
        return Entry(Link(address, title, date), path, quality, item, bool(date) or day, link.place, told, column)

    def _stands_aside(self, item: HtmlElement) -> bool:
        """Whether a link stands in navigation, a ranking or a footer, by the names and headings around it."""
        element: HtmlElement | None = item
        chain: list[HtmlElement] = []
        verdict = False
        while element is not None and element.tag not in ("body", "html") and len(chain) < DEEPEST:
            if element in self._aside:
                verdict = self._aside[element]
                break
            chain.append(element)
            if _is_aside(element):
                verdict = True
                break
            element = element.getparent()
        for passed in chain:
            self._aside[passed] = verdict
        return verdict

    def _path(self, item: HtmlElement, anchor: HtmlElement) -> str:
        """Where a link stands: tags and names above its item, tags alone from there down."""
        within = anchor.tag
        element: HtmlElement | None = anchor
        while element is not None and element is not item:
            element = element.getparent()
            within = f"{'' if element is None else element.tag}/{within}"
        return f"{self._above(None if element is None else element.getparent())}/{within}"

    def _above(self, element: HtmlElement | None, depth: int = 0) -> str:
        if element is None or depth >= DEEPEST:
            return ""
        known = self._paths.get(element)
        if known is None:
            names = element.get("id"), element.get("class")
            name = _CLASS_NUMBERS.sub("", ".".join(each or "" for each in names)) if any(names) else ""
            known = f"{self._above(element.getparent(), depth + 1)}/{element.tag}{name}"
            self._paths[element] = known
        return known


def _quality(title: str, address: str) -> float:
    """How much a link itself looks like an article's: long, with a numbered address that some system gives articles."""
    path = _beyond_host(address)
    quality = min(len(title), 40) / 20 if len(title) >= _LONG else -0.6 + len(title) / 20
    quality += 1.0 if _DIGITS.search(path) else -0.2
    quality += 0.5 if is_article_address(address) else 0.0
    return quality - (2.0 if path in ("", "/") else 0.0)


@lru_cache(maxsize=2048)
def _is_aside_name(name: str) -> bool:
    """Whether a class or id says navigation, ranking or footer; rows of a list ask the same again and again."""
    return _ASIDE.search(name) is not None


def _is_aside(element: HtmlElement) -> bool:
    if element.tag in ("nav", "footer"):
        return True
    for name in (element.get("class"), element.get("id")):
        if name and _is_aside_name(name[:_LONGEST_NAMES]):
            return True
    if element.tag not in ("ul", "ol", "dl", "table"):
        return False
    before = element.getprevious()
    if before is None or not isinstance(before.tag, str):
        return False
    return bool(_ASIDE_HEADING.match(tidy(before.text_content())[:20]))
