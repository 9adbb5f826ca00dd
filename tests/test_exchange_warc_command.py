"""``shixun import`` of a WARC file: told by its first bytes, and what is said of it."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from command_line import Run, shixun
from warc_writer import HEAT, HEATED, NOW, ONE, SITE, START, TWO, Crawl

from crawler.locks import service_lock
from monitor.deliver.posting import ALERTS
from storage.outbox import Step
from storage.sql import open_archive

NOTED = f"""\
sites:
  yunxi:
    name: 云溪发布
    columns: ['{SITE.columns[0]}']
  lanqiao:
    name: 兰桥日报
    columns: ['http://www.lanqiao.example/news/']
contact: desk@example.org
alerts: {{kinds: [new, edited]}}
subscribers:
  desk: {{to: 'file:desk', what: [alerts]}}
"""


@pytest.fixture
def past(home: Path) -> Path:
    """A file of two states of an article, called what it is not."""
    crawl = Crawl()
    crawl.write(ONE, START, HEAT)
    crawl.write(ONE, START + timedelta(days=1), HEATED)
    crawl.write("http://elsewhere.example/", START, HEAT)
    crawl.write(TWO, None, HEAT)
    (home / "crawl.jsonl").write_bytes(crawl.out.getvalue())
    return home / "crawl.jsonl"


@pytest.mark.parametrize("packed", [True, False])
def test_a_warc_is_known_by_its_first_bytes(run: Run, home: Path, packed: bool) -> None:
    crawl = Crawl(gzip=packed)
    crawl.write(ONE, START, HEAT)
    (home / "a.jsonl").write_bytes(crawl.out.getvalue())
    answer = run("import", home / "a.jsonl")
    assert (answer.status, answer.err) == (0, "")
    kinds = [f"{name}: 新收 1,已有 0" for name in ("网页", "版本", "访问")]
    assert answer.out.splitlines() == [*kinds, "1 次访问待比较: shixun compare"]


def test_what_was_left_out_is_told_and_what_came_is_compared(run: Run, past: Path) -> None:
    said = run("--lang", "en", "import", past).out
    assert "visits: 2 new, 0 known" in said
    assert "1 left out: without a date that can be believed" in said
    left = {"foreign": 1, "undated": 1}
    again = {"records": 5, "new": {}, "known": {"visit": 2}, "others": 0, "pending": 2, "left": left, "damaged": 0}
    assert run("import", past, "--json").lines == [again]
    told = [(each["kind"], str(each["detected_at"])[:10]) for each in run("compare", "--json").lines]
    assert told == [("new", "2026-11-20"), ("edited", "2026-11-21")]


def test_only_the_site_that_is_named_is_taken_in(run: Run, past: Path) -> None:
    answer = run("import", past, "--site", "lanqiao")
    assert "5 条记录里没有一次访问属于" in answer.out
    assert run("import", past, "--site", "nowhere").status == 2
    assert run("import", past, "--site", "yunxi", "--json").lines[0]["new"] == {"page": 1, "version": 2, "visit": 2}


def test_it_wakes_nobody(run: Run, home: Path) -> None:
    (home / "sites.yaml").write_text(NOTED, "utf-8")
    crawl = Crawl()
    for days, body in ((900, HEAT), (899, HEATED)):
        crawl.write(ONE, NOW - timedelta(days=days), body)
    (home / "a.warc.gz").write_bytes(crawl.out.getvalue())
    archive = open_archive(f"sqlite:///{home / 'shixun.db'}")
    archive.outbox.post([], START, Step(ALERTS, None, 0))
    assert run("import", home / "a.warc.gz").status == 0
    assert len(run("compare", "--json").lines) == 2
    assert run("deliver").status == 0
    assert archive.outbox.counts() == {}
    assert archive.outbox.reached(ALERTS) == archive.outbox.latest_change() > 0
    archive.close()


@pytest.mark.parametrize(
    ("spoil", "status", "says"),
    [
        (lambda held: held[:-40], 1, "1 条记录已损坏或不完整"),
        (lambda held: held + b"\0" * 99, 1, "1 条记录已损坏或不完整"),
        (lambda held: gzip.compress(gzip.decompress(held)), 2, "请先解压"),
    ],
)
def test_a_damaged_file_is_one_line(
    run: Run, past: Path, spoil: Callable[[bytes], bytes], status: int, says: str
) -> None:
    past.write_bytes(spoil(past.read_bytes()))
    answer = run("import", past)
    assert (answer.status, len(answer.err.splitlines())) == (status, 1)
    assert says in answer.err
    assert str(past) in answer.err
    assert ("访问: 新收 2" in answer.out) == (status == 1)


def test_a_pipe_is_refused_and_a_redirected_file_is_read(past: Path) -> None:
    piped = shixun("--home", past.parent, "import", "-", input=past.read_bytes())
    assert (piped.returncode, piped.stderr.decode().count("不能来自管道")) == (2, 1)
    with past.open("rb") as file:
        read = shixun("--home", past.parent, "import", "-", stdin=file)
    assert read.returncode == 0
    assert "访问: 新收 2" in read.stdout.decode()


def test_a_site_cannot_be_chosen_of_another_kind_of_file(run: Run, told: Path, home: Path) -> None:
    run("export", home / "all.jsonl", home=told)
    assert run("import", home / "all.jsonl", "--site", "yunxi").status == 2


def test_it_is_not_taken_in_beside_a_service(run: Run, past: Path) -> None:
    lock = service_lock(past.parent)
    assert lock.acquire()
    assert "请先停下它" in run("import", past).err
    lock.release()
