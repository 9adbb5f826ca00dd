"""The command line reads pages and compares two, and keeps nothing."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest
from command_line import (
    CHANGE_KEYS,
    EXTRACT_KEYS,
    LOUDI,
    SHAOXING,
    WUHAN,
    Answer,
    Run,
    shixun,
)
from drain_desk import STORY, raw


def test_extract_prints_the_contracts_keys(run: Run, shared: Path) -> None:
    answer = run("extract", "--json", shared / "seeds/round1" / LOUDI, "--url", "http://127.0.0.1/a.html")
    (page,) = answer.lines
    assert tuple(key for key in page if key != "printed") == EXTRACT_KEYS
    assert (page["file"], page["url"], page["kind"]) == (
        str(shared / "seeds/round1" / LOUDI), "http://127.0.0.1/a.html", "article",
    )  # fmt: skip
    assert answer.err == ""


def test_a_page_that_cannot_be_read_does_not_stop_the_others(run: Run, tmp_path: Path) -> None:
    (tmp_path / "good.html").write_bytes(raw(*(line for line in STORY.paragraphs)))
    (tmp_path / "empty.html").write_bytes(b"")
    (tmp_path / "photo.html").write_bytes(bytes(range(256)) * 64)
    names = [tmp_path / name for name in ("nowhere.html", ".", "empty.html", "photo.html", "good.html")]
    answer = run("extract", "--json", *names, "/proc/self/mem")
    assert answer.status == 1
    assert [Path(str(page["file"])).name for page in answer.lines] == ["empty.html", "photo.html", "good.html"]
    assert [page["kind"] for page in answer.lines][::2] == ["empty", "article"]
    assert answer.err.splitlines() == [
        f"{tmp_path}/nowhere.html: No such file or directory",
        f"{tmp_path}: Is a directory",
        "/proc/self/mem: Input/output error",
    ]


def test_many_files_are_read_by_several_processes_in_their_order(tmp_path: Path) -> None:
    names = []
    for number in range(13):
        text = raw(*(f"{line}第{number}号。" for line in STORY.paragraphs))
        names.append(tmp_path / f"{number}.html")
        names[-1].write_bytes(text.replace("市政府研究供暖保障".encode(), f"市政府研究第{number}号议题".encode()))
    names.insert(5, tmp_path / "nowhere.html")
    answer = shixun("extract", "--json", *names)
    assert answer.returncode == 1
    titles = [json.loads(line)["title"] for line in answer.stdout.splitlines()]
    assert titles == [f"市政府研究第{number}号议题" for number in range(13)]
    assert b"nowhere.html: No such file" in answer.stderr


def test_extract_for_a_person_is_safe_on_a_terminal(run: Run, tmp_path: Path) -> None:
    hostile = raw(
        "会议指出\x1b[31m，\u202e全市已完成老旧管网改造126公里，惠及居民4156户，年度投资6.89亿元。", *STORY.paragraphs
    )
    (tmp_path / "a.html").write_bytes(hostile)
    answer = run("extract", tmp_path / "a.html")
    assert "标题: 市政府研究供暖保障" in answer.out
    assert "\x1b" not in answer.out
    assert "\u202e" not in answer.out


def test_an_address_that_does_not_answer_is_told(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    answer = run("extract", "--json", f"http://127.0.0.1:{port}/a.html")
    assert (answer.status, answer.out) == (1, "")
    (line,) = answer.err.splitlines()
    assert line.startswith(f"http://127.0.0.1:{port}/a.html: ")


def test_diff_tells_what_the_monitor_would_report(run: Run, shared: Path) -> None:
    seeds = shared / "seeds"
    (change,) = run("diff", "--json", seeds / "round1" / LOUDI, seeds / "round2" / LOUDI).lines
    assert tuple(change) == CHANGE_KEYS
    assert change["kind"] == "edited"
    assert change["facts"]["numbers"] == [["4156名", "4165名"]]  # type: ignore[index, call-overload]
    person = run("diff", seeds / "round1" / LOUDI, seeds / "round2" / LOUDI)
    assert "4156名 → 4165名" in person.out
    assert person.status == 0


def test_diff_of_a_withdrawn_and_of_a_hijacked_page(run: Run, shared: Path) -> None:
    seeds = shared / "seeds"
    (gone,) = run("diff", "--json", seeds / "round2" / SHAOXING, seeds / "round3" / SHAOXING).lines
    assert (gone["kind"], gone["how"]) == ("removed", "soft-404")
    (hijacked,) = run("diff", "--json", seeds / "round2" / WUHAN, seeds / "round3" / WUHAN).lines
    assert hijacked["kind"] == "tampered"


@pytest.mark.parametrize("page", [SHAOXING, WUHAN])
def test_diff_of_what_says_the_same_is_no_line(run: Run, shared: Path, page: str) -> None:
    one, two = shared / "seeds/round1" / page, shared / "seeds/round2" / page
    for pair in ((one, one), (one, two)):
        assert run("diff", "--json", *pair) == Answer(0, "", "")
    assert run("diff", one, two) == Answer(0, "", "没有变化。\n")


def test_diff_with_a_file_that_is_not_there(run: Run, shared: Path, tmp_path: Path) -> None:
    answer = run("diff", "--json", shared / "seeds/round1" / LOUDI, tmp_path / "nowhere.html")
    assert answer == Answer(1, "", f"{tmp_path}/nowhere.html: No such file or directory\n")


def test_diff_with_a_file_that_holds_no_article(run: Run, shared: Path, tmp_path: Path) -> None:
    page, empty = shared / "seeds/round1" / LOUDI, tmp_path / "empty.html"
    empty.write_bytes(b"")
    for pair in ((page, empty), (empty, page)):
        assert run("diff", *pair) == Answer(1, "", f"{empty}: 没有读出文章，无法比较\n")
