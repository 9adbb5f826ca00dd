"""A story's tree: whose copy each copy is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.stories import lines
from monitor.web.lineage import LANE, LEFT, MOST, STEP, TOP, copies, drawn, height
from monitor.web.wording import apart
from storage.records import Article, PageKind, Version
from storage.stories import Printing

FIRST = datetime(2026, 11, 20, 1, tzinfo=UTC)
NAMES = {"city": "栖川市人民政府", "news": "栖川新闻网", "town": "棠汀新闻网"}
TEXT = ("银企对接会在澄塘区举行，签约28.6亿元，涉及项目31个，惠及企业112家。",)


def printing(number: int, site: str, source: str | None = None) -> Printing:
    article = Article(PageKind.ARTICLE, title="银企对接", source=source, paragraphs=TEXT, canonical=TEXT)
    seen = FIRST + timedelta(hours=number)
    version = Version(site, f"http://{site}.example/{number}", 1, seen, "f", article, page_id=number)
    return Printing(1, version, version)


def tree(*printings: Printing) -> list[tuple[int, int | None, int]]:
    (line,) = lines(printings, NAMES)
    return [(copy.page_id, copy.parent, copy.depth) for copy in copies(line, printings, NAMES)]


def test_copies_come_from_the_first_unless_they_name_another() -> None:
    found = tree(printing(1, "city"), printing(2, "news"), printing(3, "town", "栖川新闻网"), printing(4, "x", "某报"))
    assert found == [(1, None, 0), (2, 0, 1), (3, 1, 2), (4, 0, 1)]


def test_a_source_that_comes_later_or_is_oneself_is_no_parent() -> None:
    assert tree(printing(1, "city"), printing(2, "news", "栖川新闻网"), printing(3, "town"))[1] == (2, 0, 1)
    assert tree(printing(1, "city"), printing(2, "town", "栖川市人民政府"))[1] == (2, 0, 1)


def test_the_drawing_has_a_line_to_every_copy_and_ends_somewhere() -> None:
    printings = [printing(number, f"s{number}") for number in range(1, MOST + 20)]
    (line,) = lines(printings, NAMES)
    told = copies(line, printings, NAMES)
    nodes = drawn(told)
    assert len(nodes) == MOST
    assert nodes[0].path == ""
    assert all(node.path.startswith("M") for node in nodes[1:])
    assert (nodes[1].x, nodes[1].y) == (LEFT + LANE, TOP + STEP)
    assert height(nodes) > nodes[-1].y


def test_how_much_later_is_said_in_the_largest_unit() -> None:
    told = [
        apart(FIRST, FIRST + timedelta(minutes=minutes), "zh") for minutes in (0, 5, 119, 120, 47 * 60, 48 * 60, -30)
    ]
    assert told == ["同时", "晚 5 分", "晚 119 分", "晚 2 小时", "晚 47 小时", "晚 2 天", "早 30 分"]
