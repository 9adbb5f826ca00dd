"""Links that lead to columns: on a home page by the words they are called by and where they stand, on an article by its
breadcrumb.

Nothing here is certain: a column is what lists articles once it is looked at (``walk``).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from urllib.parse import urljoin, urlsplit

from lxml.html import HtmlElement

from crawler.addresses import INDEX_PAGE, may_be_page, plain_address
from crawler.discovery.paging import resolve
from crawler.extraction.markup import Markup, tidy
from crawler.platforms import is_article_address, is_column_address
from crawler.survey.records import ColumnKind, Door

_MOST_LINKS = 3000
_SHORT_NAME = re.compile(r"^(?=.*[\u4e00-\u9fff].*[\u4e00-\u9fff])[\u4e00-\u9fffA-Za-z·、/（）()&“” ]{2,12}$")
_MORE = re.compile(r"^[\s\[【(（+>»]*(?:查看)?(?:更\s?多|more)[\s\]】)）+>»….]*", re.IGNORECASE)
_DRESS = re.compile(r"^[\s\[【(（>»·•|◆■●★▪]+|(?:更\s?多|more)?[\s\]】)）>»·•|+:：]*$", re.IGNORECASE)
_DATED = re.compile(r"/(?:19|20)\d\d[-/]?(?:0?[1-9]|1[0-2])(?:[-/]?\d{1,2})?/")
_NUMBERED = re.compile(r"\d{6,}")
"""A day among an address's folders, or a long number at its end: a story's, whatever its system."""
_LONGEST_NAME = 60
_MOST_BEFORE = 6
"""Elements before a 更多 that are looked at for the name of its block."""
_LONGEST_ROBOTS = 500_000
_MOST_MAPS = 20
_HIGH = 4
"""Elements above a 更多 in which the name of its block stands."""

_KINDS: tuple[tuple[ColumnKind, re.Pattern[str], float], ...] = (
    (ColumnKind.NOTICES, re.compile(r"通知公告|公告公示|公示公告|公告通知|通知公示|通告公告"), 3.0),
    (ColumnKind.NOTICES, re.compile(r"通知|公告|公示|通告"), 2.0),
    (ColumnKind.POLICY, re.compile(r"政策文件|政府文件|规范性文件|政策法规|政策解读|最新政策|公文"), 3.0),
    (ColumnKind.NEWS, re.compile(r"要闻|时政|头条"), 3.0),
    (ColumnKind.NEWS, re.compile(r"新闻|动态|资讯|快讯|快报|播报|(?:权威|最新|信息|政务)发布"), 2.0),
    (ColumnKind.NEWS, re.compile(r"(?:工作|政务|部门|基层)信息$"), 1.5),
    (ColumnKind.POLICY, re.compile(r"政策|法规|文件"), 2.0),
)
"""Words that a column is called by, the most telling first."""
_FAR = re.compile(r"国务院|中央|国内|国际|全国|国家|世界|省[委政级内府]|上级|部委|媒体|外媒")
"""A column of somebody else's news: worth less than the city's own."""
_SPECIAL = re.compile(r"招标|采购|中标|拍卖|出让|招聘|人事|资格|图片|视频|图解|意见征集|解读$")
"""A column of one sort only: worth less than the whole."""
_NO_LIST = re.compile(
    r"发布会|热线|直播|访谈|矩阵|微博|微信|客户端|下载|检索|查询|搜索|投稿|邮箱|订阅|简介|计算器|问答|咨询|办理|兑现|指南|登录|注册|专题|年报|目录|"
    r"首\s*页|网$|网站|门户|中心网|联系|关于|地图|无障碍|版权|声明"
)
_TURN = re.compile(
    r"^(?:首\s*页|主\s*页|正\s*文|尾\s*页|末\s*页|第\S{1,3}页|[上下前后]一?[页篇条]|打印\S*|返回\S*|列表|更\s?多|设为\S*|加入收藏|详[细情])$"
)
"""What is written on links that turn pages or lead back: no column's name."""
_CRUMB = re.compile(r"(?:当前|所在|您的|您所在的?|现在的?)位\s*置|您现在的|^\s*首\s*页\s*[>»›→/\-－＞]")
_LONGEST_CRUMB = 160
_DAY = re.compile(r"^(?P<front>.*?/)(?:html|pc|pc/(?:layout|content))/(?:19|20)\d\d-?\d\d/\d\d/[^/]+$")
"""A page of one day of a digital paper, and the folder that the paper opens in."""


@dataclass(frozen=True, slots=True)
class _Anchor:
    element: HtmlElement
    url: str
    words: str


def kind_of(name: str) -> tuple[ColumnKind, float]:
    """The kind that a column's name speaks for, and how strongly: 0 for a name that speaks for none."""
    for kind, words, weight in _KINDS:
        if words.search(name) and not _NO_LIST.search(name):
            far = 1.5 if _FAR.search(name) else 0.0
            special = 0.7 if _SPECIAL.search(name) else 0.0
            return kind, max(0.1, weight - far - special)
    return ColumnKind.OTHER, 0.0


def find_doors(markup: Markup, url: str, owns: Callable[[str], bool]) -> tuple[Door, ...]:
    """The links of a page that may lead to columns of its own site, the likeliest first.

    ``url`` is the page's own address, ``owns`` says whether an address is the site's.
    """
    anchors = _own_anchors(markup, url, owns)
    folders = _article_folders(anchors)
    seen: Counter[str] = Counter(_form(anchor.url) for anchor in anchors)
    best: dict[str, Door] = {}
    for anchor in anchors:
        door = _door(anchor, url, folders)
        form = _form(anchor.url)
        if door is not None and (form not in best or door.rank > best[form].rank):
            best[form] = door
    voted = (replace(door, rank=door.rank + 0.2 * min(seen[form] - 1, 3)) for form, door in best.items())
    return tuple(sorted(voted, key=lambda door: -door.rank))


def _door(anchor: _Anchor, own: str, folders: Counter[str]) -> Door | None:
    if _is_story(anchor.url) or _form(anchor.url) in (_form(own), _form("/", own)):
        return None
    name = _name(anchor.words)
    more = not name or bool(_MORE.match(anchor.words))
    name = name or _heading(anchor.element)
    if not _SHORT_NAME.match(name) or _NO_LIST.search(name) or _TURN.match(name):
        return None
    kind, rank = kind_of(name)
    filled = folders[_folder(anchor.url)] >= 3 and _folder(anchor.url) != _folder(own)
    if kind is ColumnKind.OTHER and not (more or filled):
        return None
    rank += (0.6 if more else 0.0) + (0.8 if filled else 0.0) + (0.5 if is_column_address(anchor.url) else 0.0)
    return Door(anchor.url, name, kind, rank - 0.1 * urlsplit(anchor.url).path.count("/"))


def _own_anchors(markup: Markup, url: str, owns: Callable[[str], bool]) -> list[_Anchor]:
    found: list[_Anchor] = []
    for element in markup.tree.iter("a"):
        address = resolve(element.get("href"), url, markup.base)
        if address is None or not may_be_page(address) or not owns(address):
            continue
        words = _text(element, _LONGEST_NAME) or tidy((element.get("title") or "")[:_LONGEST_NAME]) or _picture(element)
        found.append(_Anchor(element, plain_address(address), words))
        if len(found) >= _MOST_LINKS:
            break
    return found


def _picture(element: HtmlElement) -> str:
    """What a link of a mere picture is called."""
    alts = ((image.get("alt") or image.get("title") or "")[:_LONGEST_NAME] for image in element.iter("img"))
    return tidy(next(alts, ""))


def _text(element: HtmlElement, most: int) -> str:
    """The words of an element as far as ``most`` characters and a little more: nobody needs those of a whole page."""
    pieces: list[str] = []
    length = 0
    for piece in element.itertext():
        pieces.append(piece[: most + 1])
        length += len(tidy(pieces[-1]))
        if length > most:
            break
    return tidy("".join(pieces))


def _name(words: str) -> str:
    """A link's words as a column's name: without brackets, arrows and 更多."""
    return _DRESS.sub("", _DRESS.sub("", _MORE.sub("", words)))


def _heading(more: HtmlElement) -> str:
    """The name of the block that a 更多 stands in: the short words before it, in the nearest box that has some."""
    box = more
    for _ in range(_HIGH):
        for before in islice(box.itersiblings(preceding=True), _MOST_BEFORE):
            words = _name(_text(before, _LONGEST_NAME)) if isinstance(before.tag, str) else ""
            if words:
                return words if _SHORT_NAME.match(words) else ""
        parent = box.getparent()
        if parent is None:
            return ""
        if words := _name(tidy((parent.text or "")[:_LONGEST_NAME])):
            return words
        box = parent
    return ""


def _article_folders(anchors: Iterable[_Anchor]) -> Counter[str]:
    """How many headlines the page shows out of each folder and the folders around it."""
    counts: Counter[str] = Counter()
    for url in {anchor.url for anchor in anchors if len(anchor.words) >= 10 or _is_story(anchor.url)}:
        folder = _folder(url)
        while folder.count("/") > 1:
            counts[folder] += 1
            folder = folder.rstrip("/").rpartition("/")[0] + "/"
    return counts


def _is_story(url: str) -> bool:
    path = urlsplit(url).path
    told = _DATED.search(path) or _NUMBERED.search(path.rpartition("/")[2])
    return is_article_address(url) or (told is not None and not is_column_address(url))


def _folder(url: str) -> str:
    """The folder that a column or an article stands in, as a path that ends with a slash."""
    return urlsplit(url).path.rpartition("/")[0] + "/"


def _form(url: str, against: str = "") -> str:
    """What two addresses of one column have in common: no scheme, ``www.`` or index page."""
    parts = urlsplit(url)
    host = (parts.netloc or urlsplit(against).netloc).removeprefix("www.")
    return host + INDEX_PAGE.sub("/", parts.path).rstrip("/") + ("?" + parts.query if parts.query else "")


def find_crumbs(markup: Markup, url: str, owns: Callable[[str], bool], column: str | None) -> tuple[Door, ...]:
    """The columns that an article says it stands in, nearest first: its breadcrumb's links from the last to the first,
    links called as its label ``ColumnName`` says, and links to the folders it lies in.
    """
    anchors = [each for each in _own_anchors(markup, url, owns) if not _is_story(each.url)]
    home, own = _form("/", url), _form(url)
    anchors = [each for each in anchors if _form(each.url) not in (home, own)]
    trail = [each for each in anchors if _in_crumb(each.element)]
    named = [each for each in anchors if column and _name(each.words) == column]
    around = sorted(
        (each for each in anchors if urlsplit(url).path.startswith(_folder(each.url)) and _folder(each.url) != "/"),
        key=lambda each: -len(_folder(each.url)),
    )
    found: dict[str, Door] = {}
    for each in (*reversed(trail), *named, *around):
        name = _name(each.words)
        if _SHORT_NAME.match(name) and not _TURN.match(name):
            found.setdefault(_form(each.url), Door(each.url, name, kind_of(name)[0]))
    return tuple(found.values())


def own_name(markup: Markup, url: str, owns: Callable[[str], bool]) -> str | None:
    """What a column page calls itself: the words of its links to itself, those of its breadcrumb first."""
    here = [each for each in _own_anchors(markup, url, owns) if _form(each.url) == _form(url)]
    here.sort(key=lambda each: not _in_crumb(each.element))
    names = (_name(each.words) for each in here)
    return next((name for name in names if _SHORT_NAME.match(name) and not _TURN.match(name)), None)


def paper_front(url: str) -> str | None:
    """Where a digital paper opens, for the address of one of its days or articles; ``None`` for any other address."""
    match = _DAY.match(urlsplit(url).path)
    return urljoin(url, match["front"]) if match else None


def _in_crumb(element: HtmlElement) -> bool:
    """Whether a link stands in a line that says where the reader is."""
    box = element.getparent()
    for _ in range(_HIGH):
        if box is None or box.tag in ("body", "html"):
            return False
        text = _text(box, _LONGEST_CRUMB)
        if len(text) > _LONGEST_CRUMB:
            return False
        if _CRUMB.search(text):
            return True
        box = box.getparent()
    return False


def choose(doors: Sequence[Door], most: int) -> tuple[Door, ...]:
    """The doors to try, ``most`` at most: the two best of each kind worth watching, news first; then two others, or as
    many as there are where no name speaks for a kind.
    """
    kept: list[Door] = []
    for kind in (ColumnKind.NEWS, ColumnKind.NOTICES, ColumnKind.POLICY):
        kept += [door for door in doors if door.kind is kind][:2]
    kept += [door for door in doors if door.kind is ColumnKind.OTHER][: 2 if kept else most]
    return tuple(kept[:most])


def find_feeds(markup: Markup, url: str, owns: Callable[[str], bool]) -> tuple[str, ...]:
    """The feeds of its own site that a page announces by ``<link rel="alternate">``."""
    found: dict[str, None] = {}
    for link in markup.tree.iter("link"):
        kinds = (link.get("rel") or "").lower().split()
        if "alternate" in kinds and re.search(r"(?:rss|atom)\+xml", link.get("type") or "", re.IGNORECASE):
            address = resolve(link.get("href"), url, markup.base)
            if address and owns(address):
                found[plain_address(address)] = None
    return tuple(found)


def sitemaps(robots: str, url: str, owns: Callable[[str], bool]) -> tuple[str, ...]:
    """The sitemaps of its own site that a robots.txt names."""
    named = re.finditer(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", robots[:_LONGEST_ROBOTS], re.IGNORECASE | re.MULTILINE)
    addresses = (resolve(each[1], url) for each in islice(named, _MOST_MAPS))
    return tuple(dict.fromkeys(plain_address(each) for each in addresses if each and owns(each)))
