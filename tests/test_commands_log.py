"""The command line tells what is kept."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from command_line import (
    CATALOGUE,
    CHANGE_KEYS,
    Answer,
    Run,
)
from drain_desk import EDITED, START, STORY, address

from crawler.extraction.learned import Learned
from crawler.locks import service_lock
from storage.records import Lesson
from storage.sql import open_archive


def kinds(answer: Answer) -> list[object]:
    assert answer.status == 0
    assert answer.err == ""
    assert all(tuple(line) == CHANGE_KEYS for line in answer.lines)
    return [line["kind"] for line in answer.lines]


def test_the_log_is_told_whole_and_in_its_order(run: Run, told: Path) -> None:
    assert kinds(run("changes", "--json", home=told)) == [
        *["new"] * 5, "edited", "tampered", "removed", "restored", "edited", "moved", "new",
    ]  # fmt: skip
    person = run("changes", home=told)
    assert "【修改】云溪发布  市政府研究供暖保障  4156户 → 4165户" in person.out
    lines = person.out.splitlines()
    assert len(lines) == 24
    assert lines[1] == f"    {address('1')}"
    assert "共 12 件变化" in person.err


@pytest.mark.parametrize(
    ("words", "count"),
    [
        (("--kind", "edited"), 2),
        (("--site", "lanqiao"), 1),
        (("--site", "yunxi", "--kind", "new"), 5),
        (("--kind", "redesigned"), 0),
        (("--day", "2026-11-21"), 12),
        (("--day", "2026-11-20"), 0),
        (("--day", "today"), 12),
        (("--day", "昨天"), 0),
        (("--since", "2026-11-21T10:00"), 1),
        (("--until", "2026-11-21T10:00"), 11),
        (("--since", "2026-11-21T02:00:00Z"), 1),
        (("--since", "2h"), 1),
        (("--since", "1d", "--until", "2h"), 11),
        (("--until", "2026-11-21"), 0),
    ],
)
def test_the_log_is_asked_for_in_parts(
    run: Run, told: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], count: int
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-21T11:30:00+08:00")
    assert len(kinds(run("changes", "--json", *words, home=told))) == count


def test_the_history_of_a_page(run: Run, told: Path) -> None:
    versions = run("history", address("1"), "--json", home=told).lines
    assert [version["version"] for version in versions] == [1, 2, 3]
    assert [version["article"]["title"] for version in versions][::2] == [  # type: ignore[index, call-overload]
        "市政府研究供暖保障", "市政府研究部署供暖保障工作",
    ]  # fmt: skip
    person = run("history", address("1") + "#top", home=told)
    assert len(person.out.splitlines()) == 3
    assert "访问 3 次" in person.err
    unknown = run("history", address("999"), home=told)
    assert (unknown.status, unknown.out) == (1, "")
    assert "没有这个地址的记录" in unknown.err


def test_one_version_of_a_page(run: Run, told: Path) -> None:
    newest = run("show", address("1"), home=told)
    assert "市政府研究部署供暖保障工作" in newest.out
    (first,) = run("show", address("1"), "--version", 1, "--json", home=told).lines
    assert (first["version"], first["article"]["canonical"][1]) == (1, STORY.canonical[1])  # type: ignore[index, call-overload]
    assert EDITED.canonical[1] in run("show", address("1"), "--version", 2, home=told).out
    for number in (0, 4):
        answer = run("show", address("1"), "--version", number, home=told)
        assert (answer.status, answer.out) == (1, "")
        assert "有版本 1–3" in answer.err


def test_search_wants_all_words_and_finds_every_version(run: Run, told: Path) -> None:
    assert len(run("search", "4156户", "--json", home=told).lines) >= 1
    found = run("search", "供暖 4165户", "--json", home=told).lines
    assert {version["url"] for version in found} == {address("1")}
    assert (found[0]["version"], found[0]["match"]["only_in_older_versions"]) == (2, True)  # type: ignore[index, call-overload]
    assert run("search", "供暖", "稻香", "--json", home=told).lines == []
    assert run("search", "%", "--json", home=told).status == 2
    nowhere = run("search", "供暖", "site:nowhere", home=told)
    assert (nowhere.status, nowhere.out) == (2, "")
    assert "没有这个站点：nowhere" in nowhere.err
    assert len(run("search", "供暖", "--limit", "1", "--json", home=told).lines) == 1
    person = run("search", "农耕", home=told)
    assert "农耕体验" in person.out


def test_the_digest_is_three_files_and_twice_the_same(run: Run, told: Path, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    names = [f"digest-2026-11-21.{form}" for form in ("html", "md", "json")]
    answer = run("digest", "--day", "2026-11-21", home=home)
    assert answer.out.splitlines() == [str(home / "out" / name) for name in names]
    first = [(home / "out" / name).read_bytes() for name in names]
    run("digest", "--day", "2026-11-21", home=home)
    assert [(home / "out" / name).read_bytes() for name in names] == first
    assert sorted(path.name for path in (home / "out").iterdir()) == sorted(names)
    told_day = json.loads(first[2])
    assert told_day["counts"]["edited"] == 2
    assert tuple(told_day["changes"][0]) == CHANGE_KEYS
    assert tuple(told_day) == (
        "day", "generated_at", "sites", "counts", "stories", "changes", "keywords", "health", "reprints",
        "backdated", "foremost", "lines", "days",
    )  # fmt: skip


def test_the_digest_in_one_format_goes_where_it_is_sent(run: Run, told: Path, tmp_path: Path) -> None:
    printed = run("digest", "--day", "2026-11-21", "--format", "json", home=told)
    assert json.loads(printed.out)["day"] == "2026-11-21"
    assert not (told / "out").exists()
    target = tmp_path / "deep" / "day.md"
    assert run("digest", "--day", "2026-11-21", "--out", target, home=told).out == f"{target}\n"
    text = target.read_text("utf-8")
    assert text.startswith("# 市讯 2026年11月21日")
    assert run("digest", "--day", "2026-11-21", "--format", "md", "--out", "-", home=told).out == text
    into_folder = run("digest", "--day", "2026-11-21", "--out", tmp_path / "deep", home=told)
    assert (into_folder.status, into_folder.out) == (1, "")
    (line,) = into_folder.err.splitlines()
    assert "是文件夹,不是文件" in line


def test_the_digest_of_an_empty_day(run: Run, told: Path) -> None:
    answer = run("digest", "--day", "2026-11-01", "--format", "json", home=told)
    assert (answer.status, json.loads(answer.out)["changes"]) == (0, [])


def test_status_tells_what_is_due_and_failing(
    run: Run, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-25T08:00:00+08:00")
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    (line,) = run("status", "--json", home=home).lines
    assert (line["service"], line["counts"]["pending"]) == (None, 0)  # type: ignore[index, call-overload]
    assert line["due"] == {"lanqiao": 1, "yunxi": 6}
    person = run("status", home=home).out
    assert "服务: 未运行" in person
    assert "该访问: yunxi 6 页" in person
    assert "问题: 云溪发布  自 11-21 10:00 起没有读过任何网页\n" in person
    other = service_lock(home)
    assert other.acquire()
    assert run("status", "--json", home=home).lines[0]["service"] == os.getpid()
    other.release()


def test_status_tells_what_sites_have_taught(
    run: Run, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-25T08:00:00+08:00")
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    learned = Learned(sayings=("本文已有⌗位市民读过",))
    for site, furniture in (("yunxi", learned), ("lanqiao", Learned())):
        archive.learning.remember(Lesson(site, furniture.name, START, furniture.to_json()))
    archive.close()
    person = run("status", home=home).out
    assert "版式: yunxi  学得 0 个区块、0 个列表、1 行(2026-11-20)\n" in person
    assert "版式: lanqiao" not in person
    assert run("status", "--json", home=home).lines[0]["learned"] == {"lanqiao": Learned().name, "yunxi": learned.name}


def test_doctor_finds_a_sound_home_sound_and_says_what_is_not(run: Run, home: Path) -> None:
    # Another program of this machine may have the usual port.
    (home / "sites.yaml").write_text(CATALOGUE + "web: {port: 0}\n", "utf-8")
    sound = run("doctor")
    assert (sound.status, "✗" in sound.out) == (0, False)
    (home / "sites.yaml").write_text(CATALOGUE.replace("contact: desk@example.org\n", ""), "utf-8")
    nameless = run("doctor")
    assert nameless.status == 1
    assert "✗ sites.yaml 没有 `contact:`" in nameless.out
    (home / "sites.yaml").write_text("sites: [1]\n", "utf-8")
    broken = run("doctor")
    assert broken.status == 1
    assert "✗" in broken.out
    assert "sites.yaml:1: sites" in broken.out
    missing = run("doctor", home=home / "nowhere")
    assert missing.status == 1
    assert "不存在" in missing.out
    assert not (home / "nowhere").exists()
