"""What the command line says: both languages say the same things, and each command speaks the one asked for."""

from __future__ import annotations

import errno
import logging
import re
import shutil
import string
from pathlib import Path

import pytest
from command_line import CATALOGUE, Run

from crawler.faults import FAULTS, Lang, fault, found
from monitor.commands.keeping import KEEPING
from monitor.commands.screen import InChina
from monitor.commands.troubles import crawl_trouble, storage_line, survey_trouble, system_line, trouble
from monitor.commands.wording import _SAID, WORDS
from storage.errors import NotEmpty, StorageError
from storage.outbox import LetterState

HAN = re.compile("[\u4e00-\u9fff]")
SOURCES = [*Path(__file__).parents[1].glob("monitor/commands/*.py")]


def places(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_both_languages_have_the_same_words_with_the_same_places() -> None:
    assert WORDS["zh"].keys() == WORDS["en"].keys()
    assert len(_SAID["zh"]) + len(KEEPING["zh"]) == len(WORDS["zh"])
    assert [key for key in WORDS["zh"] if places(WORDS["zh"][key]) != places(WORDS["en"][key])] == []
    assert [key for key, words in FAULTS.items() if places(words.zh) != places(words.en)] == []


def test_english_words_have_no_chinese_in_them() -> None:
    assert [key for key, text in WORDS["en"].items() if HAN.search(text)] == []
    # A word of a city and a sender's name are examples.
    assert {key for key, words in FAULTS.items() if HAN.search(words.en)} == {"term", "sender"}


def test_no_word_is_kept_that_nobody_says() -> None:
    said = "".join(path.read_text("utf-8") for path in SOURCES if path.name not in ("wording.py", "keeping.py"))
    asked = {f"letter-{state.value}" for state in LetterState}
    assert [key for key in WORDS["zh"] if key not in asked and not re.search(f"[\"']{key}[\"']", said)] == []


def test_no_command_says_chinese_of_its_own() -> None:
    # The words of troubles and usage errors are tables of their own; a fresh sites.yaml is in both languages.
    tables = ("wording.py", "keeping.py", "troubles.py", "usage.py", "house.py", "demo.py", "screen.py")
    lines = [(path.name, line) for path in SOURCES for line in path.read_text("utf-8").splitlines()]
    own = [(name, line) for name, line in lines if name not in tables and HAN.search(line) and '"""' not in line]
    assert own == []


@pytest.mark.parametrize(
    "words",
    [
        "status", "changes --day 2026-11-21", "history http://www.yunxi.example/news/1.html", "sites list",
        "history http://www.yunxi.example/none.html", "show http://www.yunxi.example/news/1.html --version 99",
        "search nothing", "deliver", "deliver --list", "doctor", "compare", "status http://www.yunxi.example/none.html",
        "status http://www.yunxi.example/news/1.html",
    ],
)  # fmt: skip
def test_every_command_speaks_english_where_that_is_asked_for(
    run: Run, told: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: str
) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-25T08:00:00+08:00")
    home = tmp_path / "copy"
    shutil.copytree(told, home)
    # What pages and the catalogue say is told as it is: here the catalogue says it in English.
    (home / "sites.yaml").write_text(CATALOGUE.replace("云溪发布", "Yunxi").replace("兰桥日报", "Lanqiao"), "utf-8")
    answer = run("--lang", "en", *words.split(), home=home)
    own = [line for line in (answer.out + answer.err).splitlines() if not is_of_a_page(line)]
    assert own
    assert [line for line in own if HAN.search(line)] == []
    chinese = run(*words.split(), home=home)
    assert chinese.status == answer.status
    assert HAN.search(chinese.out + chinese.err)


def is_of_a_page(line: str) -> bool:
    """Whether a line tells what a page says, behind a day or a version."""
    return bool(re.match(r"20\d\d-\d\d-\d\d |    | +\d+  20", line))


def test_a_change_is_told_in_english(run: Run, told: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIXUN_NOW", "2026-11-25T08:00:00+08:00")
    lines = run("--lang", "en", "changes", home=told).out
    assert "[new] 云溪发布  " in lines
    assert "【" not in lines


@pytest.mark.parametrize(
    ("how", "chinese", "english"),
    [
        (
            "DownloadConnectionRefusedError: An error occurred while connecting: 111: Connection refused.",
            "主机拒绝连接",
            "the host refuses connections",
        ),
        ("CannotResolveHostError: DNS lookup failed", "找不到这台主机", "no such host"),
        ("DownloadTimeoutError: Getting http://a/ took longer than 30.0 seconds.", "等不到回答", "no answer in time"),
        ("ResponseDataLossError: the answer broke off", "回答中断", "the answer broke off"),
        ("IgnoreRequest: Forbidden by robots.txt", "robots.txt 不许访问", "robots.txt forbids it"),
        ("503", "网站暂停服务 (503)", "the site is out of service (503)"),
        ("answered 418", "回答异常 (418)", "an odd answer (418)"),
        ("no links", "没有列出文章", "lists no articles"),
        # A kind that nobody has met is told as it stands, on one line.
        ("StrangeError: \u202eodd\nthings", "StrangeError: odd things", "StrangeError: odd things"),
    ],
)
def test_what_stands_in_the_way_is_told_in_words(how: str, chinese: str, english: str) -> None:
    assert (trouble(how, "zh"), trouble(how, "en")) == (chinese, english)


def test_what_the_system_or_the_store_refused_is_told_in_chinese() -> None:
    full = OSError(errno.ENOSPC, "No space left on device", "/h/a")
    assert (system_line(full, "zh"), system_line(full, "en")) == ("/h/a: 磁盘已满", "/h/a: No space left on device")
    # A number that has no words here, and an error without one, are told as the system has them.
    assert system_line(OSError(errno.ELOOP, "Too many links"), "zh") == "Too many links"
    assert system_line(OSError("odd"), "zh") == "odd"
    assert storage_line(NotEmpty("rows in x"), "zh") == "那个数据库不是空的,没有改动: rows in x"
    assert storage_line(StorageError("no pg_dump"), "zh") == "存档出错: no pg_dump"
    assert storage_line(StorageError("no pg_dump"), "en") == "no pg_dump"


AGAIN = "again and again; its other pages wait for a later crawl"


@pytest.mark.parametrize(
    ("line", "lang", "said"),
    [
        ("the crawl of a, b was cut off (exit -9); see /h/crawl.log", "zh",
         "a, b: 抓取中断(退出码 -9),详见 /h/crawl.log"),
        ("a: the host asks for rest (429); its other pages wait for a later crawl", "zh",
         "a: 主机要求歇一歇(429),其余网页留待以后抓取"),
        (f"a: the host fails (ConnectionRefusedError) {AGAIN}; b: the host answers 503 {AGAIN}", "zh",
         "a: 主机连续出错(主机拒绝连接),其余网页留待以后抓取;b: 主机连续出错(网站暂停服务 (503)),其余网页留待以后抓取"),
        (f"a: the host fails (ConnectionRefusedError) {AGAIN}", "en",
         f"a: the host fails (the host refuses connections) {AGAIN}"),
        ("3 unexpected errors; see the crawl log", "zh", "3 处意外错误,详见 logs/crawl.log"),
        ("something new", "zh", "something new"),
    ],
)  # fmt: skip
def test_the_end_of_a_crawl_is_told_in_words(line: str, lang: Lang, said: str) -> None:
    assert crawl_trouble(line, lang) == said


def test_a_fault_that_pydantic_may_find_one_day_is_told_in_its_words() -> None:
    assert found("odd_type", "Value error, it is odd").zh == "it is odd"
    limits = {"min_length": 1, "actual_length": 0}
    assert found("too_short", "Tuple should have at least 1 item", limits) == fault("too_short", min_length=1)


def test_a_line_of_the_log_tells_china_time_and_its_zone() -> None:
    record = logging.makeLogRecord({"created": 1_763_855_999.7, "levelname": "INFO", "msg": "看守"})
    assert InChina("%(asctime)s %(levelname)s %(message)s").format(record) == "2025-11-23 07:59:59+0800 INFO 看守"


def test_what_a_survey_met_is_told_in_english_too() -> None:
    folder = Path(__file__).parents[1] / "crawler" / "survey"
    known = [
        ("http://a/ 没有找到列出至少 3 篇文章的栏目;请直接给出栏目的网址",
         "http://a/ no column that lists 3 articles was found; give the address of one"),
        ("http://a/ 跳往别的网站,没有跟去: http://b/", "http://a/ leads to another site: http://b/"),
        ("http://a/ 网页不存在 (404)", "http://a/ not found (404)"),
    ]  # fmt: skip
    assert [(survey_trouble(line, "en"), survey_trouble(line, "zh")) for line, _ in known] == [
        (english, line) for line, english in known
    ]
    # Whatever else the survey may say, as its code has it.
    said = re.findall(r'"([^"\n]*[\u4e00-\u9fff][^"\n]*)"', (folder / "look.py").read_text("utf-8"))
    assert len(said) >= 14
    assert [text for text in said if HAN.search(survey_trouble(re.sub(r"\{.*?\}", "http://b/", text), "en"))] == []
