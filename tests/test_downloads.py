"""Changes to take away: the lines and the table, what a spreadsheet may do with them, and the page that offers them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient
from warcio.archiveiterator import ArchiveIterator
from web_desk import HOSTILE_TITLE, SITES, WebDesk

from monitor.downloads.changes import BOM, LONGEST_CELL, as_csv, as_lines, guarded
from monitor.downloads.scope import Scope
from monitor.tell import as_json, printable
from storage.browsing import Browsing, Entry, Wanted
from storage.changes import Change, ChangeKind, Edit, Facts
from storage.records import china_day

FORMULAS = (
    *(
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        "  =1",
        "\u3000=1",
        "\u00a0-2",
        "＝1",
        "＋1",
        "－1",
        "＠a",
    ),
    *("\ufeff=1", "\u200b=1", " ＝cmd|'/c calc'!A1", "'=1"),
)
WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


class Log:
    """An archive that has only these changes, a few at a time."""

    def __init__(self, *changes: Change) -> None:
        self._entries = [Entry(replace(change, id=number), None) for number, change in enumerate(changes, start=1)]
        self.asked = 0

    def changes(self, _wanted: Wanted, *, before: int | None, limit: int) -> list[Entry]:
        self.asked += 1
        found = [entry for entry in reversed(self._entries) if before is None or entry.change.id < before]
        return found[: min(limit, 3)]


def change(**values: object) -> Change:
    known = {"site": "yunxi", "url": "http://127.0.0.1/1", "kind": ChangeKind.EDITED}
    return Change(detected_at=datetime(2026, 11, 20, 1, 2, 3, tzinfo=UTC), **{**known, **values})  # type: ignore[arg-type]


def table(*changes: Change, lang: str = "zh") -> list[list[str]]:
    data = b"".join(as_csv(Log(*changes), Scope(site="yunxi"), SITES, lang))  # type: ignore[arg-type]
    assert data.startswith(BOM.encode())
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))


def bare(cell: str) -> str:
    return cell.removeprefix("'")


def is_formula(cell: str) -> bool:
    """By plain words: whether a spreadsheet could take it for one."""
    return cell.lstrip().startswith(tuple("=+-@＝＋－＠﹢﹣﹦﹫⁺⁻⁼")) or cell.startswith(("\t", "\r", "\n"))


@pytest.mark.parametrize("cell", FORMULAS)
def test_no_cell_is_a_formula(cell: str) -> None:
    (row,) = table(change(title=cell))[1:]
    assert row[3].startswith("'")
    assert bare(row[3]) == printable(cell).strip()
    assert guarded(cell).removeprefix("'") == cell


@pytest.mark.parametrize("cell", ["", "云溪二桥合龙", "2026-11-20", "1=1", "http://127.0.0.1/=", "→ 新", "a@b", "“＋”"])
def test_what_is_no_formula_stays(cell: str) -> None:
    assert guarded(cell) == cell


@given(WRITTEN)
def test_a_guard_takes_nothing_and_lets_nothing_through(cell: str) -> None:
    assert bare(guarded(cell)) == cell
    assert not is_formula(guarded(cell))


@given(st.lists(st.tuples(WRITTEN, WRITTEN, WRITTEN), max_size=7))
def test_a_table_is_read_back_as_it_was_written(said: list[tuple[str, str, str]]) -> None:
    changes = [change(title=title, note=note, edits=(Edit("replace", "旧", after),)) for title, note, after in said]
    head, *rows = table(*changes)
    assert len(head) == 12
    assert [row[-1] for row in rows] == [str(number) for number in range(len(said), 0, -1)]
    for (title, note, after), row in zip(said, reversed(rows), strict=True):
        assert bare(row[3]) == printable(title).strip()
        assert bare(row[10]) == printable(note).strip()
        assert bare(row[6]) == printable(f"旧 → {after}").strip()
        assert not any(is_formula(cell) for cell in row)


def test_a_row_says_what_happened() -> None:
    edits = (
        Edit("replace", "4156名", "4165名", 2),
        Edit("insert", "", "增补"),
        Edit("delete", "删去", ""),
        Edit("replace", "甲报", "乙报", field="source"),
        Edit("move", "挪动的一段", "挪动的一段"),
    )
    facts = Facts(numbers=(("4156名", "4165名"),), people=(("", "王建国"),))
    told = change(title="标题", edits=edits, facts=facts, weight=0.512, paragraphs_added=2, note="说明")
    gone = change(kind=ChangeKind.REMOVED, site="other", how="404")
    head, second, first = table(told, gone)
    assert head[:7] == ["北京时间", "站点", "变动", "标题", "网址", "涉及", "旧文 → 新文"]
    assert first == [
        *(
            "2026-11-20 09:02:03",
            "云溪发布",
            "修改",
            "标题",
            "http://127.0.0.1/1",
            "数字 4156名 → 4165名；人名 → 王建国",
        ),
        "4156名 → 4165名；→ 增补；删去 →；来源 甲报 → 乙报；移动 挪动的一段",
        *("2", "", "0.51", "说明", "1"),
    ]
    assert second[1:3] == ["other", "撤下"]
    assert second[10] == "返回 404"
    assert table(told, lang="en")[1][2] == "edited"


def test_a_cell_ends_where_spreadsheets_do() -> None:
    long = "长" * 40_000
    (row,) = table(change(title="=" + long, edits=(Edit("replace", long, long),)))[1:]
    assert all(len(cell) <= LONGEST_CELL + 1 for cell in row)
    assert row[3].startswith("'=")


def test_lines_are_the_contract_and_lose_nothing() -> None:
    odd = [change(title=title) for title in (HOSTILE_TITLE, "\u2028\x85\x00", "\ud83d 半个", "a\nb", "双  空格")]
    log = Log(*odd)
    data = b"".join(as_lines(log, Scope(site="yunxi")))  # type: ignore[arg-type]
    lines = data.split(b"\n")
    assert lines.pop() == b""
    told = [json.loads(line) for line in lines]
    assert told == [as_json(one) for one in reversed(odd)]
    assert list(told[0]) == list(as_json(odd[0]))


def test_the_log_is_read_as_it_is_written() -> None:
    log = Log(*[change()] * 30)
    pieces: Iterator[bytes] = as_lines(log, Scope(site="yunxi"))  # type: ignore[arg-type]
    next(pieces)
    assert log.asked == 1


def scopes(desk: WebDesk) -> dict[str, tuple[str, Wanted]]:
    page = desk.page("hostile")
    day = china_day(desk.now)
    return {
        "page": (f"page/{page.id}", Wanted(page_id=page.id)),
        "site": ("site/yunxi", Wanted(sites=["yunxi"])),
        "day": (f"day/{day}", Wanted(first_day=day, last_day=day)),
    }


@pytest.mark.parametrize("way", ["page", "site", "day"])
def test_each_file_comes_with_its_name(web_desk: WebDesk, web: TestClient, way: str) -> None:
    address, wanted = scopes(web_desk)[way]
    browsing: Browsing = web_desk.archive.browsing
    known = [entry.change for entry in browsing.changes(wanted, limit=200)]
    assert known
    name = f"shixun-{address.replace('/', '-')}"
    endings = {"changes.csv": "-changes.csv", "changes.jsonl": "-changes.jsonl", "archive.warc.gz": ".warc.gz"}
    answers = {file: web.get(f"/download/{address}/{file}") for file in endings}
    for file, answer in answers.items():
        assert answer.status_code == 200
        assert answer.headers["content-disposition"] == f'attachment; filename="{name}{endings[file]}"'
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "content-encoding" not in answer.headers
        head = web.head(f"/download/{address}/{file}")
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-disposition"] == answer.headers["content-disposition"]
    assert [json.loads(line) for line in answers["changes.jsonl"].text.splitlines()] == [as_json(one) for one in known]
    rows = list(csv.reader(io.StringIO(answers["changes.csv"].content.decode("utf-8-sig"), newline="")))
    assert [row[-1] for row in rows[1:]] == [str(one.id) for one in known]
    records = [one.rec_type for one in ArchiveIterator(io.BytesIO(answers["archive.warc.gz"].content))]
    assert records[0] == "warcinfo"
    assert "response" in records


def test_a_file_goes_on_behind_a_visit(web: TestClient) -> None:
    answer = web.get("/download/site/yunxi/archive.warc.gz?after=999999999")
    assert [one.rec_type for one in ArchiveIterator(io.BytesIO(answer.content))][:1] == ["warcinfo"]
    assert "shixun-site-yunxi-behind-999999999.warc.gz" in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    "address",
    [
        *("/download/site/nowhere/changes.csv", "/download/page/99999/changes.csv", "/download/page/x/changes.csv"),
        *("/download/page/01/changes.csv", "/download/page/²/changes.csv", "/download/page/0/changes.csv"),
        *(
            "/download/day/2026-13-01/changes.csv",
            "/download/day/2199-01-01/changes.csv",
            "/download/all/x/changes.csv",
        ),
        *(
            "/download/site/yunxi/changes.xml",
            "/download/site/yunxi/archive.warc.gz?after=x",
            "/downloads?site=nowhere",
        ),
        *("/downloads?page=x", "/downloads?day=2026-02-30", "/downloads?site=yunxi&page=1"),
    ],
)
def test_what_is_not_there_is_no_page(web: TestClient, address: str) -> None:
    assert web.get(address).status_code == 404


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("way", ["page", "site", "day"])
def test_the_page_offers_what_there_is(web_desk: WebDesk, way: str, lang: str) -> None:
    # A client of its own, since the chosen language stays with it.
    web, (address, _) = web_desk.client(), scopes(web_desk)[way]
    way, key = address.split("/")
    answer = web.get(f"/downloads?{way}={key}&lang={lang}")
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text
    page = html.fromstring(answer.text)
    links = [link for link in page.xpath("//main//a/@href") if link.startswith("/download/")]
    assert len(links) == 3
    assert all(web.head(link).status_code == 200 for link in links)


def test_pages_lead_to_their_downloads(web_desk: WebDesk, web: TestClient) -> None:
    day = china_day(web_desk.now)
    page = web_desk.page("plain")
    assert f'href="/downloads?page={page.id}"' in web.get(f"/article/{page.id}").text
    assert 'href="/downloads?site=yunxi"' in web.get("/site/yunxi").text
    assert f'href="/downloads?day={day}"' in web.get(f"/day/{day}").text
    assert web.get("/downloads").status_code == 200
