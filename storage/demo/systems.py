"""The publishing systems the city runs on: how each builds addresses, pages its lists and writes times and bodies.

Address forms follow the field guide (and the public documentation of each system); no markup here, that is in pages/.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from storage.demo.truth import CityColumn, CitySite

ArticlePath = Callable[[CityColumn, int, date], str]
ListPath = Callable[[CityColumn, int, int], str]


_DAY = "{0:%Y-%m-%d}"
_TO_MINUTE = "{0:%Y-%m-%d %H:%M}"
_TO_SECOND = "{0:%Y-%m-%d %H:%M:%S}"
_CHINESE_DAY = "{0:%Y}年{0:%m}月{0:%d}日"
_CHINESE_MINUTE = "{0:%Y}年{0:%m}月{0:%d}日 {0:%H:%M}"
_CHINESE_MONTH_DAY = "{0:%m}月{0:%d}日 {0:%H:%M}"
_MONTH_DAY = "{0:%m-%d}"
_SLASHED_DAY = "{0:%Y/%m/%d}"


@dataclass(frozen=True, slots=True)
class System:
    """One publishing system. ``when`` and ``list_when`` format a moment; ``clock`` says how exact a time it keeps.

    ``cut`` is the length at which list titles are cut (0: never), ``bodies`` the paragraph markups its editors leave
    behind, ``relative`` whether links are written relative to the page. ``title_tag`` makes ``<title>`` of title,
    column and site; ``suffix`` ends the names of plain pages; ``blocks_per_part`` cuts long articles into pages.
    """

    article_path: ArticlePath
    list_path: ListPath
    when: str
    list_when: str
    clock: str
    bodies: tuple[str, ...]
    title_tag: str
    cut: int = 0
    relative: bool = False
    suffix: str = "html"
    blocks_per_part: int = 0


def _trs_article(column: CityColumn, number: int, day: date) -> str:
    return f"/{column.key}/{day:%Y%m}/t{day:%Y%m%d}_{number}.html"


def _trs_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else f"{column.path}index_{page - 1}.html"


def _jcms_article(column: CityColumn, number: int, day: date) -> str:
    return f"/art/{day.year}/{day.month}/{day.day}/art_{column.number}_{number}.html"


def _single_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path


def _vsb_article(column: CityColumn, number: int, day: date) -> str:
    return f"/info/{column.number}/{number}.htm"


def _vsb_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else f"{column.path.removesuffix('.htm')}/{pages - page + 1}.htm"


def _sudy_article(column: CityColumn, number: int, day: date) -> str:
    return f"/{day:%Y}/{day:%m%d}/c{column.number}a{number}/page.htm"


def _sudy_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else column.path.replace("list.htm", f"list{page}.htm")


def _founder_article(column: CityColumn, number: int, day: date) -> str:
    return f"/html/{day:%Y-%m}/{day:%d}/content_{number}.htm"


def _phpcms_article(column: CityColumn, number: int, day: date) -> str:
    return f"/{column.key}/{day:%Y}/{day:%m%d}/{number}.html"


def _phpcms_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else f"{column.path}{page}.html"


def _ucap_article(column: CityColumn, number: int, day: date) -> str:
    name = hashlib.md5(f"{column.path}/{number}".encode(), usedforsecurity=False).hexdigest()
    return f"/site/c{column.number}/{day:%Y%m}/{name}.shtml"


def _ucap_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else column.path.replace("list.shtml", f"list_{page}.shtml")


def _dede_article(column: CityColumn, number: int, day: date) -> str:
    return f"/a/{column.key}/{day:%Y%m%d}/{number}.html"


def _dede_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else f"{column.path}list_{column.number}_{page}.html"


def _nfcms_article(column: CityColumn, number: int, day: date) -> str:
    return f"/{column.key}/content/post_{number}.html"


def _nfcms_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else column.path.replace("index.html", f"index_{page}.html")


def _asp_article(column: CityColumn, number: int, day: date) -> str:
    return f"/shownews.asp?id={number}"


def _asp_list(column: CityColumn, page: int, pages: int) -> str:
    return column.path if page == 1 else f"{column.path}&page={page}"


def _cmstop_article(column: CityColumn, number: int, day: date) -> str:
    return f"/p/{number}.html"


SYSTEMS: dict[str, System] = {
    "trs": System(
        _trs_article,
        _trs_list,
        _TO_MINUTE,
        _DAY,
        "minute",
        ("indent", "word", "styled"),
        "{title}_{column}_{site}",
        relative=True,
    ),
    "jcms": System(
        _jcms_article, _single_list, _TO_SECOND, _DAY, "second", ("styled", "word"), "{site} {column} {title}", cut=24
    ),
    "vsb": System(
        _vsb_article,
        _vsb_list,
        _CHINESE_MINUTE,
        _CHINESE_DAY,
        "minute",
        ("plain", "word", "nested"),
        "{title}-{site}",
        relative=True,
        suffix="htm",
    ),
    "sudy": System(_sudy_article, _sudy_list, _DAY, _DAY, "day", ("word", "styled"), "{title}", cut=26, suffix="htm"),
    "founder": System(
        _founder_article,
        _single_list,
        _CHINESE_DAY,
        _DAY,
        "day",
        ("upper",),
        "{site}数字报-{title}",
        relative=True,
        suffix="htm",
    ),
    "phpcms": System(
        _phpcms_article,
        _phpcms_list,
        _TO_SECOND,
        _TO_SECOND,
        "second",
        ("plain", "indent", "div"),
        "{title} - {column} - {site}",
        cut=22,
        blocks_per_part=7,
    ),
    "ucap": System(
        _ucap_article, _ucap_list, _TO_MINUTE, _DAY, "minute", ("styled", "nested"), "{title}_{site}", suffix="shtml"
    ),
    "dede": System(
        _dede_article, _dede_list, _TO_MINUTE, _MONTH_DAY, "minute", ("font", "br", "font"), "{title}_{site}", cut=18
    ),
    "nfcms": System(
        _nfcms_article, _nfcms_list, _TO_SECOND, _DAY, "second", ("indent", "styled"), "{title} {site}", cut=30
    ),
    "asp": System(
        _asp_article,
        _asp_list,
        _SLASHED_DAY,
        _SLASHED_DAY,
        "day",
        ("br", "font"),
        "{site}",
        cut=20,
        relative=True,
        suffix="asp",
    ),
    "cmstop": System(
        _cmstop_article,
        _single_list,
        _TO_MINUTE,
        _CHINESE_MONTH_DAY,
        "minute",
        ("plain", "section", "nested"),
        "{title}-{site}",
    ),
}


def system_of(site: CitySite) -> System:
    """The system a site runs on."""
    return SYSTEMS[site.system]


def issue_path(day: date, page: int) -> str:
    """A page (版) of the digital paper's issue of a day; page 1 is ``node_2.htm``, as Founder counts."""
    return f"/html/{day:%Y-%m}/{day:%d}/node_{page + 1}.htm"


def part_paths(path: str, parts: int) -> tuple[str, ...]:
    """The addresses of an article that is cut into several pages: ``…/12.html``, ``…/12_2.html``."""
    stem, _, suffix = path.rpartition(".")
    return (path, *(f"{stem}_{part}.{suffix}" for part in range(2, parts + 1)))
