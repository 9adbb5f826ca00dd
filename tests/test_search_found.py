"""Search over a real archive, on both databases: what is found, what is not, and in which order."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from search_room import NOW, Room
from sqlalchemy import text as sql

from monitor.compare.drain import Drain
from monitor.search.query import Unreadable, parse
from storage.archive import Archive
from storage.records import ChangeKind
from storage.searching import Asked
from storage.sql import searchindex
from storage.sql.engine import Database, make_engine
from storage.sql.searchindex import _blocks, _blocks_of, _stretches

CHARACTERS = "市长人民政府安全生产的一会议"
LONG = 100_000


@pytest.fixture
def room(archive: Archive) -> Room:
    """An empty archive to keep texts in."""
    return Room(archive)


def test_every_piece_of_every_text_finds_it_and_nothing_else(room: Room) -> None:
    dice = Random(5)
    texts = ["".join(dice.choices(CHARACTERS + "，。\n ", weights=[4] * 14 + [1] * 4, k=90)) for _ in range(24)]
    for number, said in enumerate(texts):
        room.keep(number, said, title="".join(dice.choices(CHARACTERS, k=6)))
    titles = {hit.url: hit.title for hit in room.ask("的", limit=99).hits}
    said = {f"{n}": [titles[f"http://127.0.0.1/qixi/{n}.html"], *text.split("\n")] for n, text in enumerate(texts)}
    lines = {number: [line.replace(" ", "") for line in parts] for number, parts in said.items()}
    for _ in range(150):
        line = dice.choice(dice.choice(list(lines.values())))
        start, long = dice.randrange(max(1, len(line) - 6)), dice.randint(1, 6)
        piece = "".join(c for c in line[start : start + long] if c not in "，。")
        if not piece:
            continue
        holding = {f"{number}/1" for number, parts in lines.items() if any(piece in part for part in parts)}
        assert set(answers(room, piece)) == holding, piece


def answers(room: Room, typed: str) -> list[str]:
    """All hits, page by page."""
    found, cursor = [], None
    while True:
        some = room.ask(typed, cursor=cursor, limit=7)
        found += [f"{hit.url.rsplit('/', 1)[1][:-5]}/{hit.number}" for hit in some.hits]
        cursor = some.next
        if cursor is None:
            return found


def test_titles_are_not_looked_through_again_where_all_was(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        room.keep(number, "供暖", title="供暖" if number else "通告")
    searching, looks = room.archive.searching, []
    candidates = searching.candidates
    monkeypatch.setattr(searching, "candidates", lambda *of, **more: looks.append(of) or candidates(*of, **more))
    assert room.found("供暖") == ["2/1", "1/1", "0/1"]
    assert len(looks) == 1


def test_pages_with_a_rare_kind_of_change_are_looked_at_some_at_a_time(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searchindex, "FIRST_TOLD", 1)
    monkeypatch.setattr(searchindex, "GROWTH", 2)
    for number in range(12):
        version = room.keep(number, "供暖" if number % 3 else "停水")
        if number % 2:
            room.tell(version, ChangeKind.TAMPERED)
    asked = parse("供暖 kind:tampered").asked()
    whole = room.archive.searching.candidates(asked)
    told = [number for number in range(11, 0, -2) if number % 3]
    pages = [page.url for held in whole if (page := room.archive.browsing.page(held.page_id)) is not None]
    assert pages == [f"http://127.0.0.1/qixi/{number}.html" for number in told]
    assert room.archive.searching.candidates(asked, limit=2) == whole[:2]
    assert room.archive.searching.candidates(asked, before=whole[1].id, limit=9) == whole[2:]


FOUND: list[tuple[str, list[str]]] = [
    ("副市长", ["1"]),
    ("长", ["1"]),
    ("12", ["2"]),
    ("4156名", ["3"]),
    ("名 4156", ["3"]),
    ("4156", ["3"]),
    ("PM2.5", ["4"]),
    ("pm2", ["4"]),
    ("ｐｍ２．５", ["4"]),
    ("於洋", ["5"]),
    ("于洋", ["5"]),
    ("covid-19", ["6"]),
    ("COVID", ["6"]),
    ("张三", ["7"]),
    ("安全 -检查", ["8"]),
    ('"安全 检查"', ["9"]),
    ("安全检查", ["9"]),
    ("检查，安全", ["9", "10"]),
    ("《条例》", ["11"]),
    ("title:十号", ["10"]),
    ("标题：十号 安全", ["10"]),
    ("title:安全", []),
    ("龘", []),
    ("01", []),
    ("vid", []),
    ('"市。长"', []),
    ("京—津", ["12"]),
    ("京-津", ["12"]),
    ("1∶1", ["12"]),
    ("1:1", ["12"]),
    ('"−5℃"', ["12"]),
    ("安全 —检查", []),
    ("——记者", ["13"]),
    ("不忘——记者", ["13"]),
    ("记者 -不忘", ["12"]),
]
SAID = {
    1: "副市长陈某",
    2: "2012年12月",
    3: "共4156名学生",
    4: "PM2.5下降",
    5: "於洋出席",
    6: "COVID-19疫情",
    7: "张 三 到会",
    8: "安全生产",
    9: "开展安全 检查",
    10: "检查\n安全",
    11: "《条例》施行",
    12: "京—津记者报，配比1∶1，气温−5℃",
    13: "不忘——记者手记",
}


def test_what_is_found(room: Room) -> None:
    for number, text in SAID.items():
        room.keep(number, text, title="十号文" if number == 10 else "通告")
    for typed, holding in FOUND:
        assert sorted(room.found(typed)) == sorted(f"{number}/1" for number in holding), typed


def test_a_page_is_one_hit_and_says_where_the_words_went(room: Room) -> None:
    room.keep(1, "市长讲话")
    room.keep(1, "市长讲话了")
    room.keep(1, "讲话")
    room.keep(2, "市长")
    hits = {hit.url[-6]: hit for hit in room.ask("市长").hits}
    assert (hits["1"].number, hits["1"].newest, hits["1"].versions, hits["1"].only_older) == (2, 3, 2, True)
    assert (hits["2"].number, hits["2"].versions, hits["2"].only_older) == (1, 1, False)
    assert room.found("讲话 -市长") == ["1/3"]


def test_filters(room: Room) -> None:
    room.keep(1, "安全", site="qixi", at=datetime(2026, 10, 31, 15, 59, tzinfo=UTC))
    room.keep(2, "安全", site="qixi", at=datetime(2026, 10, 31, 16, 1, tzinfo=UTC))
    gone = room.keep(3, "安全", site="yun-tai", at=NOW)
    room.tell(gone, ChangeKind.REMOVED)
    assert room.found("安全 site:yun-tai") == ["3/1"]
    assert room.found("安全 站点：yun-tai，qixi day:2026-10") == ["1/1"]
    assert room.found("安全 day:2026-11-01") == ["2/1"]
    assert sorted(room.found("安全 日期：2026-11至2027")) == ["2/1", "3/1"]
    assert room.found("安全 day:..2026-10-31") == ["1/1"]
    assert room.found("安全 kind:removed") == room.found("安全 类型：撤下") == ["3/1"]
    assert room.found("安全 kind:removed site:qixi") == []
    assert room.found("安全 site:QIXI") == ["2/1", "1/1"]
    for day in ("1999", "2090", "0001..1999", "2080-01-01.."):
        assert room.found(f"安全 day:{day}") == [], day
    assert room.found("安全 day:1999..2090") == room.found("安全")


@pytest.mark.parametrize("site", ["nobody", "qixi2", '"a b"', "a\x00b", "\ud800", "QIXI，b"])
def test_a_site_that_was_never_watched_is_told(room: Room, site: str) -> None:
    room.keep(1, "安全")
    with pytest.raises(Unreadable) as raised:
        room.ask(f"安全 site:{site}")
    assert raised.value.fault == "site"


def test_what_is_no_key_is_no_site_to_the_index(room: Room) -> None:
    room.keep(1, "安全")
    for key in ("a b", 'a"b', "", "a\x00b", "\ud800"):
        assert room.archive.searching.candidates(Asked(("安全",), sites=[key])) == [], key
    assert len(room.archive.searching.candidates(Asked(("安全",), sites=["a b", "qixi"]))) == 1


def test_a_long_article_is_found_to_its_end(room: Room) -> None:
    dice = Random(1)
    body = "".join(dice.choices(CHARACTERS, k=LONG))
    room.keep(1, f"{body}栖川终章")
    hit = room.ask("栖川终章 长").hits[0]
    assert "栖川终章" in "".join(snippet.text for snippet in hit.snippets)


def test_titles_and_nearness_come_before_newness(room: Room) -> None:
    room.keep(1, "另有报道", title="河长制考核")
    room.keep(2, "河长制与考核" + "文" * 200)
    room.keep(3, "河长制" + "文" * 500 + "考核")
    assert room.found("河长制 考核") == ["1/1", "2/1", "3/1"]


def test_paging_shows_each_page_once(room: Room) -> None:
    for number in range(150):
        room.keep(number, f"市政第{number}号", title="市政" if number in (3, 140) else "通告")
    for number in range(0, 150, 4):
        room.keep(number, "市政新篇")
    shown = answers(room, "市政")
    assert len(shown) == len(set(shown)) == 150
    assert {name.split("/")[0] for name in shown[:7]} >= {"3", "140"}


def test_a_cursor_that_is_none(room: Room) -> None:
    for cursor in ("x", "1.2", "1.2.3", "1.2.3.4.5", "1.-2.3.4", "9" * 30 + ".1.1.1", "٣.1.1.1"):
        with pytest.raises(Unreadable):
            room.ask("市", cursor=cursor)


def forget(database: str) -> None:
    """Empty the index, as the migration leaves an archive that was there before."""
    emptied = Database(make_engine(database))
    with emptied.write() as connection:
        sqlite = connection.dialect.name == "sqlite"
        every = "INSERT INTO search_signs (search_signs) VALUES ('delete-all')"
        connection.execute(sql(every if sqlite else "DELETE FROM search_signs"))
        connection.execute(sql("UPDATE search_floor SET version_id = (SELECT max(id) FROM versions)"))
    emptied.close()


def test_an_old_archive_is_filled_from_its_newest_end(room: Room, database: str) -> None:
    for number in range(5):
        room.keep(number, f"市政{number}")
    forget(database)
    assert room.found("市政") == []
    room.keep(5, "市政5")
    assert (room.found("市政"), room.ask("市政").unindexed) == (["5/1"], 5)
    assert room.archive.searching.fill(2) == 3
    assert set(room.found("市政")) == {"5/1", "4/1", "3/1"}
    assert [room.archive.searching.fill(2) for _ in range(3)] == [1, 0, 0]
    assert len(room.found("市政")) == 6
    assert room.ask("市政").unindexed == 0


def test_a_comparison_fills_the_index(room: Room, database: str) -> None:
    for number in range(3):
        room.keep(number, f"市政{number}")
    forget(database)
    assert list(Drain(room.archive, {}, lambda: NOW, stop=lambda: True).changes()) == []
    assert room.ask("市政").unindexed == 3
    assert len(list(Drain(room.archive, {}, lambda: NOW).changes())) == 3
    assert len(room.found("市政")) == 3


def test_the_index_goes_back_in_ever_longer_stretches() -> None:
    for before in (1, 5, 1024, 1025, 2048, 200_001, 3_000_000):
        stretches = list(_stretches(before))
        assert [high for _, high in stretches[1:]] == [low for low, _ in stretches[:-1]]
        assert (stretches[0][1], stretches[-1][0]) == (before, 0)
        assert len(stretches) < 8
        for low, high in stretches:
            blocks = set(_blocks(low, high))
            assert len(blocks) < 64
            for number in (low, (low + high) // 2, high - 1):
                assert len(blocks.intersection(_blocks_of(number))) == 1


def test_nothing_is_asked_of_an_empty_archive(room: Room) -> None:
    assert room.ask("市") == room.ask("市 kind:removed")
    assert room.ask("市").hits == ()
    assert parse("市").words == ("市",)


def test_a_rare_kind_is_listed_anew_once_there_is_more_of_it(room: Room) -> None:
    """PostgreSQL's list of the versions of such pages is kept between two searches."""
    first, second = room.keep(1, "供暖改造通告"), room.keep(2, "供暖改造通告")
    assert room.found("供暖 kind:tampered") == []
    room.tell(first, ChangeKind.TAMPERED)
    assert room.found("供暖 kind:tampered") == ["1/1"]
    room.keep(1, "供暖改造再通告")
    assert room.found("再通告 kind:tampered") == ["1/2"]
    assert room.found("供暖 kind:removed") == []
    room.tell(second, ChangeKind.REMOVED)
    assert room.found("供暖 kind:removed") == ["2/1"]
    assert room.found("供暖 kind:tampered") == ["1/2"]
