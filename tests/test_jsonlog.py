"""The log as JSON lines: one object a line, with the site, the run and the page that it speaks of."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import Run
from scrapy import Request
from service_watch import QUICK, until

from crawler.jsonlog import JsonLines
from monitor.commands import screen


def line(message: str, *args: object, extra: dict[str, object] | None = None, **usual: str) -> dict[str, object]:
    record = logging.getLogger("x").makeRecord("x", logging.WARNING, "f", 1, message, args, None, extra=extra)
    record.created = 1_764_000_000.5
    text = JsonLines(lambda: usual).format(record)
    assert "\n" not in text
    return json.loads(text)  # type: ignore[no-any-return]


def test_a_line_says_when_and_what() -> None:
    assert line("第%d次\n失败", 2) == {
        "at": "2025-11-24T16:00:00.500Z", "level": "warning", "logger": "x", "message": "第2次\n失败",
    }  # fmt: skip


def test_a_line_of_scrapy_says_which_page_of_which_site() -> None:
    asked = Request(
        "http://a.example/1.html", meta={"site": SimpleNamespace(key="a"), "errand": SimpleNamespace(run="r7")}
    )
    told = line("Error downloading %(request)s", {"request": asked}, run="usual", site="usual")
    assert (told["site"], told["run"], told["url"]) == ("a", "r7", "http://a.example/1.html")
    assert told["message"] == "Error downloading <GET http://a.example/1.html>"


def test_a_line_that_says_nothing_of_it_is_of_the_run_at_hand() -> None:
    told = line("Spider opened", run="r7")
    assert (told["run"], "site" in told, "url" in told) == ("r7", False, False)
    assert line("x", extra={"site": "b"}, site="a")["site"] == "b"
    # A request for robots.txt belongs to no site of ours.
    assert (
        line("%(request)s", {"request": Request("http://a.example/robots.txt")})["url"] == "http://a.example/robots.txt"
    )


def test_a_trace_stays_in_its_line() -> None:
    try:
        raise ValueError("坏")
    except ValueError:
        record = logging.getLogger("x").makeRecord("x", logging.ERROR, "f", 1, "it broke", (), sys.exc_info())
    told = json.loads(JsonLines().format(record))
    assert told["trace"].endswith("ValueError: 坏")
    assert told["message"] == "it broke"


def test_a_service_and_its_crawls_log_alike(tmp_path: Path) -> None:
    (tmp_path / "sites.yaml").write_text(
        "sites:\n  yunxi: {name: 云溪, columns: ['http://127.0.0.1:9/news/'], delay: 0}\n" + QUICK, "utf-8"
    )
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHIXUN")}
    command = [sys.executable, "-m", "monitor.cli", "--home", str(tmp_path), "serve", "--log-format", "json"]
    crawl_log = tmp_path / "logs" / "crawl.log"
    with open(tmp_path / "err", "wb") as err:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=err, env=environment, cwd=tmp_path)
        try:
            until(lambda: crawl_log.exists() and b"Spider closed" in crawl_log.read_bytes(), "a crawl that ended")
            process.terminate()
            assert process.wait(30) == 0
        finally:
            process.kill()
            process.wait()
    served = [json.loads(each) for each in (tmp_path / "err").read_text("utf-8").splitlines()]
    assert "正在看守 1 个站点" in served[0]["message"]
    crawled = [json.loads(each) for each in crawl_log.read_text("utf-8").splitlines()]
    closed = next(each for each in crawled if each["message"].startswith("Spider closed"))
    assert closed["site"] == "yunxi"
    assert closed["run"]
    datetime.fromisoformat(closed["at"])


@pytest.mark.parametrize(("given", "said"), [(["--log-format", "xml"], "xml"), ([], "yaml")])
def test_another_format_is_refused(run: Run, monkeypatch: pytest.MonkeyPatch, given: list[str], said: str) -> None:
    monkeypatch.setenv("SHIXUN_LOG", "yaml")
    refused = run("web", *given)
    assert refused.status == 2
    assert said in refused.err


def test_text_stays_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    monkeypatch.setattr(screen, "log_in_china_time", lambda: begun.append("text"))
    monkeypatch.setenv("SHIXUN_LOG", "json")
    screen.begin_log("text")
    assert (begun, os.environ["SHIXUN_LOG"]) == (["text"], "text")
