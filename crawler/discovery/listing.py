"""The articles that a column page lists, found without a selector.

Links are grouped by where they stand in the page; the group whose links look like headlines (long, dated, with
numbered addresses) is the column, and navigation, rankings, friends' links and footers are not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from urllib.parse import urlsplit

from lxml import etree, html
from lxml.html import HtmlElement

from crawler.discovery.paging import next_page, resolve
from crawler.extraction.dates import find_dates
from crawler.extraction.markup import tidy
from crawler.platforms import is_article_address, is_column_address
from storage.records import Link

_MOST_LINKS = 5000
_DEEPEST = 48
_ASIDE = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu\w*|foot\w*|crumbs?|breadcrumb|friend\w*|links?|flink\w*|yqlj|hot\w*|rank\w*|paihang|phb|recommend\w*|tuijian|related|"
    r"share\w*|page[rs]?|paging|pagination|fenye|topbar|toolbar|login|search\w*|daohang|dh|copyright|tags?)(?:$|[\s_-]|\d)",
    re.IGNORECASE,
)
_ASIDE_HEADING = re.compile(
    r"^\W*(?:热门|热点|排行|点击|推荐|相关|友情链接|快速(?:链接|通道)|猜你|最热|专题推荐|网站地图|24小时|一周|图片推荐)|"
    r"^\W*\S{2,6}(?:排行榜?|热榜)\W*$"
)
_MONTH_DAY = re.compile(r"(?<![\d.])(?:0?[1-9]|1[0-2])(?:[-/.]|\s?月\s?)(?:0?[1-9]|[12]\d|3[01])日?(?![\d.%‰])")
"""A day without its year beside a link, as (11-15) or 11月16日: no date, but a sign of a column."""
_CUT = re.compile(r"(?:\.{2,}|…+|\.\.)\s*$")
_NO_TITLE = re.compile(
    r"^[\s\[【(（<《>»·|]*(?:首页|上一?页|下一?页|尾页|末页|更多|more|查看更多|详细|详情|阅读全文|返回\S{0,4}|登录|注册|设为首页|加入收藏|联系我们|关于我们|网站地图|\d{1,4})"
    r"[\s\]】)）>》»·|]*$|^\s*[\[【(（][^\]】)）]{1,8}[\]】)）]\s*$",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d{3,}")
_FILE = re.compile(r"\.(?:jpe?g|png|gif|css|js|apk|exe|mp[34])$", re.IGNORECASE)
_DATE_START = re.compile(r"^[\[(【]?\s*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*(?:[\])】]|\s)\s*(?=\S{4})")
_DATE_END = re.compile(r"(?<=\S{4})\s*[\[(【]?\s*(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}\s*[\])】]?$")
_DAY_FIRST = re.compile(r"^\D{0,4}(\d{1,2})\D{1,3}((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\D?")
_WRITTEN = re.compile(r"document\.write(?:ln)?\s*\(\s*([\"'])(.*?)(?<!\\)\1\s*\)", re.DOTALL)
_RECORD = re.compile(r"<record>\s*<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
_TURN = re.compile(r"^[\s\[【(（<«‹]*(?:上|下)\s*一?\s*页[\s\]】)）>»›]*$")
_TURNED = 1.5
"""How much more the list that stands right above a pager counts: its last page may hold a single article."""
_A_LIST = 1.0
"""The score from which a group of links is no navigation."""
_DAY_ALONE = 1.5
"""What a day without its year speaks for a link: a little less than a date."""
_LONGEST_BESIDE = 300
_CLASS_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Listing:
    """What a column page lists: its articles in printed order, and the address of its next page.

    ``score`` says how much the links look like a column of articles: about 2 for a bare list of headlines, 4 for a
    dated one, below 1 for navigation.
    """

    links: tuple[Link, ...] = ()
    next_page: str | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Entry:
    """One link of a page with what stands around it: ``holder`` is the element that its item stands in,
    ``place`` the number of its link among all links of the page.
    """

    link: Link
    path: str
    quality: float
    holder: HtmlElement | None
    dated: bool
    place: int


def find_links(tree: HtmlElement, url: str | None = None, *, base: str | None = None) -> Listing:
    """The articles that a page lists; ``url`` is its own address, ``base`` its ``<base href>``.

    Without ``url`` addresses stay as they are written. A JCMS store of ``<record>`` is the page's list wherever it
    holds one; lists that a script writes (``document.writeln``) are read where the page itself has none.
    """
    best = _best_group(_entries(tree, url, base), _pager_place(tree))
    if (store := _stored(tree)) is not None:
        kept = _best_group(_entries(store, url, base))
        best = kept if kept[0] > _A_LIST else best
    elif len(best[1]) < 3 and (written := _written(tree)) is not None:
        best = max(best, _best_group(_entries(written, url, base)), key=lambda group: group[0])
    score, entries = best
    links: dict[str, Link] = {}
    for entry in entries:
        links.setdefault(entry.link.url, entry.link)
    return Listing(tuple(links.values()), next_page(tree, url, base), score)


def _pager_place(tree: HtmlElement) -> int | None:
    """The number of the first link of the page's pager (上一页, 下一页) among all its links."""
    return next(
        (i for i, link in enumerate(tree.iter("a")) if len(link) < 4 and _TURN.match(link.text_content())), None
    )


def _best_group(entries: Iterable[_Entry], pager: int | None = None) -> tuple[float, list[_Entry]]:
    """The group that looks most like a column, and its score; the last one above the ``pager`` is what that turns."""
    groups: dict[str, list[_Entry]] = {}
    for entry in entries:
        groups.setdefault(entry.path, []).append(entry)
    scored = [(_score(part), part) for group in groups.values() for part in _parted(group)]
    good = [(score, group) for score, group in scored if score > 0]
    ends = [_last_above(group, pager) if pager is not None and score > _A_LIST else -1 for score, group in good]
    turned = max(ends, default=-1)
    ranked = [score * (_TURNED if 0 <= turned == end else 1.0) for (score, _), end in zip(good, ends, strict=True)]
    best = max(range(len(good)), key=ranked.__getitem__, default=None)
    return (0.0, []) if best is None else good[best]


def _last_above(group: Sequence[_Entry], place: int) -> int:
    return max((entry.place for entry in group if entry.place < place), default=-1)


def _parted(group: list[_Entry]) -> list[list[_Entry]]:
    """A group as it is, or in two where whole blocks of it print days and whole blocks do not.

    A side block of latest news may be built like the column itself; a column that dates only some of its entries does
    so within a block.
    """
    blocks: dict[HtmlElement | None, list[_Entry]] = {}
    for entry in group:
        blocks.setdefault(entry.holder, []).append(entry)
    bare = [block for block in blocks.values() if len(block) >= 2 and not any(entry.dated for entry in block)]
    rest = [block for block in blocks.values() if not any(block is each for each in bare)]
    if not bare or not rest:
        return [group]
    return [[entry for block in part for entry in block] for part in (rest, bare)]


def _score(group: Sequence[_Entry]) -> float:
    mean = sum(entry.quality for entry in group) / len(group)
    return float(mean * log2(1 + len({entry.link.url for entry in group})) ** 0.6)


def _entries(tree: HtmlElement, url: str | None, base: str | None) -> list[_Entry]:
    anchors = _anchors(tree, url, base)
    held = _addresses_held(anchors)
    places = {anchor: place for place, anchor in enumerate(tree.iter("a"))}
    items: dict[HtmlElement, list[tuple[HtmlElement, str]]] = {}
    for anchor, address in anchors:
        items.setdefault(_item(anchor, held), []).append((anchor, address))
    own = (url or "").split("#", 1)[0]
    aside: dict[HtmlElement, bool] = {}
    found = (_entry(item, members, own, aside, places[members[0][0]]) for item, members in items.items())
    return [entry for entry in found if entry is not None]


def _anchors(tree: HtmlElement, url: str | None, base: str | None) -> list[tuple[HtmlElement, str]]:
    found: list[tuple[HtmlElement, str]] = []
    for anchor in tree.iter("a"):
        address = resolve(anchor.get("href"), url, base)
        if address and not _FILE.search(urlsplit(address).path):
            found.append((anchor, address))
            if len(found) >= _MOST_LINKS:
                break
    return found


def _addresses_held(anchors: list[tuple[HtmlElement, str]]) -> dict[HtmlElement, set[str]]:
    """For every element around a link, the addresses it holds; two are enough to know that it holds several."""
    held: dict[HtmlElement, set[str]] = {}
    for anchor, address in anchors:
        element = anchor.getparent()
        depth = 0
        while element is not None and depth < _DEEPEST:
            known = held.setdefault(element, set())
            if len(known) < 2:
                known.add(address)
            element, depth = element.getparent(), depth + 1
    return held


def _item(anchor: HtmlElement, held: dict[HtmlElement, set[str]]) -> HtmlElement:
    """The largest element around a link that holds no other address: a list item, a table row, a card."""
    item = anchor
    parent = anchor.getparent()
    while parent is not None and parent.tag not in ("body", "html") and len(held.get(parent, ())) == 1:
        if item.tag in ("li", "tr", "dd") and parent.tag in ("ul", "ol", "table", "tbody", "dl", "div"):
            break
        item, parent = parent, parent.getparent()
    return item


def _entry(
    item: HtmlElement, members: list[tuple[HtmlElement, str]], own: str, aside: dict[HtmlElement, bool], place: int
) -> _Entry | None:
    titled = [(_title(anchor), anchor, address) for anchor, address in members]
    title, anchor, address = max(titled, key=lambda entry: len(entry[0]))
    if not title or _NO_TITLE.match(title) or address == own or anchor.get("rel") == "nofollow":
        return None
    around = tidy(" ".join(item.itertext())).replace(title, " ")
    date = _date(around)
    day = date is None and len(around) <= _LONGEST_BESIDE and _MONTH_DAY.search(around) is not None
    quality = min(len(title), 40) / 20 if len(title) >= 8 else -0.6 + len(title) / 20
    quality += 2.0 if date else _DAY_ALONE if day else 0.0
    quality += 1.0 if _DIGITS.search(urlsplit(address).path + urlsplit(address).query) else -0.2
    quality += 0.5 if is_article_address(address) else 0.0
    quality -= 1.0 if is_column_address(address) and not date else 0.0
    quality -= 2.0 if urlsplit(address).path in ("", "/") and not urlsplit(address).query else 0.0
    quality -= 2.5 if _stands_aside(item, aside) else 0.0
    return _Entry(Link(address, title, date), _path(item, anchor), quality, item.getparent(), bool(date) or day, place)


def _title(anchor: HtmlElement) -> str:
    """The words of a link; the first line of a card; the title attribute where they are cut or missing."""
    whole = tidy(anchor.text_content())
    given = tidy(anchor.get("title") or "")
    blocks = [
        tidy(e.text_content())
        for e in anchor.iter("p", "h1", "h2", "h3", "h4", "h5", "div", "li")
        if e is not anchor and len(e) == 0
    ]
    lines = [line for line in blocks if len(line) >= 4 and not _is_date(line)]
    text = lines[0] if len(lines) > 1 or (lines and len(lines[0]) < len(whole)) else whole
    text = _DATE_END.sub("", _DATE_START.sub("", text)) or text
    stem = _CUT.sub("", text).strip()
    if given and len(given) >= 4 and (not text or (stem != text and given.startswith(stem[: max(2, len(stem) - 1)]))):
        return given
    return text


def _is_date(text: str) -> bool:
    return len(text) <= 24 and bool(find_dates(text)) and not re.search(r"[\u4e00-\u9fff]{4,}", text)


def _date(around: str) -> str | None:
    """The date printed beside a link: ``around`` is its item without its own words."""
    if len(around) > 2000:
        return None
    found = find_dates(around)
    if found:
        return found[-1].iso if len(found) > 1 and found[-1].has_time and not found[0].has_time else found[0].iso
    match = _DAY_FIRST.search(around.strip())
    if match and 1 <= int(match[1]) <= 31 and 1 <= int(match[3]) <= 12:
        return f"{match[2]}-{int(match[3]):02d}-{int(match[1]):02d}"
    return None


def _stands_aside(item: HtmlElement, known: dict[HtmlElement, bool]) -> bool:
    """Whether a link stands in navigation, a ranking or a footer, by the names and headings around it."""
    element: HtmlElement | None = item
    chain: list[HtmlElement] = []
    verdict = False
    while element is not None and element.tag not in ("body", "html") and len(chain) < _DEEPEST:
        if element in known:
            verdict = known[element]
            break
        chain.append(element)
        names = f"{element.get('class') or ''} {element.get('id') or ''}"
        if element.tag in ("nav", "footer") or _ASIDE.search(names) or _headed_aside(element):
            verdict = True
            break
        element = element.getparent()
    for passed in chain:
        known[passed] = verdict
    return verdict


def _headed_aside(element: HtmlElement) -> bool:
    if element.tag not in ("ul", "ol", "dl", "table"):
        return False
    before = element.getprevious()
    return (
        before is not None
        and isinstance(before.tag, str)
        and bool(_ASIDE_HEADING.match(tidy(before.text_content())[:20]))
    )


def _path(item: HtmlElement, anchor: HtmlElement) -> str:
    """Where a link stands: tags and names above its item, tags alone from there down."""
    steps: list[str] = []
    element: HtmlElement | None = anchor
    inside = True
    while element is not None and len(steps) < _DEEPEST:
        name = "" if inside else _CLASS_NUMBERS.sub("", f"{element.get('id') or ''}.{element.get('class') or ''}")
        steps.append(f"{element.tag}{name}")
        if element is item:
            inside = False
        element = element.getparent()
    return "/".join(reversed(steps))


def _written(tree: HtmlElement) -> HtmlElement | None:
    """What the page's scripts write: ``document.writeln("<li>…")``."""
    texts = (script.text or "" for script in tree.iter("script"))
    written = (piece[1] for text in texts for piece in _WRITTEN.findall(text))
    return _built([piece.replace("\\'", "'").replace('\\"', '"').replace("\\/", "/") for piece in written])


def _stored(tree: HtmlElement) -> HtmlElement | None:
    """What a JCMS page hands its script to page through: ``<record><![CDATA[<li>…]]>``."""
    return _built([piece for script in tree.iter("script") for piece in _RECORD.findall(script.text or "")])


def _built(pieces: list[str]) -> HtmlElement | None:
    if not any("<a" in piece for piece in pieces):
        return None
    try:
        return html.fromstring(f"<div>{''.join(pieces)}</div>")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
