"""``shixun sites add`` over real HTTP: what it finds, shows and writes, and what it says to a closed door."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import Run
from crawl_server import Answer, CrawlServer

from crawler.fetch import Fetched
from crawler.sites import load_catalogue
from monitor.commands import add
from storage.demo import City, CityServer

KEPT = "# 我们的站点\ncontact: desk@example.org\nsites:   # 都在这里\n\n# 简报\ndigest:\n  at: '07:30'\n"
HTML = {"Content-Type": "text/html"}


@pytest.fixture(scope="module")
def city() -> Iterator[CityServer]:
    with CityServer(City()) as serving:
        yield serving


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "sites.yaml").write_text(KEPT, "utf-8")
    return tmp_path


def written(home: Path) -> list[str]:
    """The lines that were put in; what was there before must be there still."""
    text = (home / "sites.yaml").read_text("utf-8")
    head, tail = KEPT.split("\n\n")
    assert text.startswith(head + "\n")
    assert text.endswith("\n" + tail)
    return text.removeprefix(head + "\n").removesuffix("\n" + tail).splitlines()


def test_a_home_page_becomes_an_entry(run: Run, home: Path, city: CityServer) -> None:
    base = city.base("qichuan")
    answer = run("sites", "add", base, "--key", "qichuan")
    assert (answer.status, answer.err) == (0, "")
    entry = [
        "  qichuan:", '    name: "栖川市人民政府"', "    columns:",
        f"      - {base}/zwyw/  # 要闻 · 政务要闻", f"      - {base}/tzgg/  # 通知公告",
    ]  # fmt: skip
    assert written(home) == entry
    shown = answer.out.splitlines()
    assert shown[0] == "栖川市人民政府  qichuan"
    assert "  系统  拓尔思 TRS WCM · utf-8" in shown
    assert "  文章  …/\\d+/t\\d+_\\d+\\.html  21/21 条" in shown
    assert any(line.startswith("  ✓  要闻      政务要闻  8 条 · 最新 2026-11-") for line in shown)
    assert sum(line.startswith("  ▷  ") for line in shown) == 3
    assert shown[-7:] == [
        f"已写入 {home}/sites.yaml 第 4–8 行:",
        *(f"  {line}" for line in entry),
        "接下来: shixun crawl qichuan",
    ]
    assert city.forbidden_requests == 0
    again = run("sites", "add", base, "--key", "qichuan")
    assert (again.status, again.out) == (2, "")
    assert "sites.yaml:4: sites.qichuan: 已有这个键的站点" in again.err


def test_json_says_all_of_it_on_one_line(run: Run, home: Path, city: CityServer) -> None:
    answer = run("sites", "add", city.base("tangting"), "--json")
    (found,) = answer.lines
    assert (answer.status, answer.err) == (0, "")
    port = city.base("tangting").rpartition(":")[2]
    assert (found["site"], found["name"]) == (f"127-0-0-1-{port}", "棠汀新闻网")
    assert (found["system"], found["encoding"], found["line"]) == ("dedecms", "gb18030", 4)
    assert [each["title"] for each in found["columns"]] == ["棠汀新闻"]  # type: ignore[attr-defined]
    assert [each["title"] for each in found["others"]] == ["乡镇传真"]  # type: ignore[attr-defined]
    assert [len(each["paragraphs"]) > 1 for each in found["samples"]] == [True] * 3  # type: ignore[attr-defined]
    assert found["written"] == str(home / "sites.yaml")
    assert written(home)[0] == f'  "127-0-0-1-{port}":'
    assert load_catalogue(home).sites[f"127-0-0-1-{port}"].columns == (f"{city.base('tangting')}/a/xinwen/",)


def test_a_dry_run_shows_and_writes_nothing(
    run: Run, home: Path, city: CityServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    answer = run("sites", "add", f"{city.base('ribao')}/", "--dry-run")
    assert (answer.status, answer.err) == (0, "")
    shown = answer.out.splitlines()
    assert shown[0].startswith("栖川日报")
    assert shown[-1] == "只看了看,没有写入。"
    assert max(sum(2 if ord(letter) > 0x2E7F else 1 for letter in line) for line in shown) <= 60
    assert (home / "sites.yaml").read_text("utf-8") == KEPT


def test_a_visit_has_manners(run: Run, home: Path) -> None:
    rows = "".join(f'<li><a href="/yw/{n}.html">东河乡第{n}次整修水渠惠及千户</a></li>' for n in range(10, 15))
    with CrawlServer() as server, CrawlServer() as other:
        other.say("/", Answer(b"<p>elsewhere</p>", headers=HTML))
        server.say("/robots.txt", Answer(b"User-agent: *\nDisallow: /tz/\nDisallow: /yw/11.html\nSitemap: /map.xml\n"))
        server.say(
            "/",
            Answer(
                '<a href="/yw/">要闻</a><a href="/tz/">通知公告</a><a href="/zc/">政策文件</a>'.encode(), headers=HTML
            ),
        )
        server.say("/yw/", Answer(f"<title>要闻_洛原</title><ul>{rows}</ul>".encode(), headers=HTML))
        server.say("/zc/", Answer(status=302, headers={"Location": other.url("/")}))
        answer = run("sites", "add", server.url("/"), "--json")
        (found,) = answer.lines
        assert answer.status == 0
        assert [each["url"] for each in found["columns"]] == [server.url("/yw/")]  # type: ignore[attr-defined]
        assert found["feeds"] == [server.url("/map.xml")]
        assert found["troubles"] == [
            f"{server.url('/tz/')}  robots.txt 不许访问",
            f"{server.url('/zc/')}  跳往别的网站,没有跟去: {other.url('/')}",
        ]
        troubled = {each["url"]: each.get("trouble") for each in found["samples"]}  # type: ignore[attr-defined]
        assert troubled[server.url("/yw/11.html")] == "robots.txt 不许访问"
        assert not {"/tz/", "/yw/11.html"} & set(server.paths())
        assert other.asked == []
        assert server.most_at_once == 1
        assert {asked.headers["user-agent"].split("/")[0] for asked in server.asked} == {"Shixun"}
        assert all("desk@example.org" in asked.headers["user-agent"] for asked in server.asked)
        pages = [path for path in server.paths() if path != "/robots.txt"]
        assert len(pages) == len(set(pages)) <= 12


def test_nothing_found_is_told_and_nothing_written(run: Run, home: Path) -> None:
    with CrawlServer() as server:
        server.say("/", Answer("<p>网站建设中</p>".encode(), headers=HTML))
        answer = run("sites", "add", server.url("/"), "--json")
        (found,) = answer.lines
        said = f"{server.url('/')}  没有找到列出至少 3 篇文章的栏目;请直接给出栏目的网址"
        assert (answer.status, answer.err) == (1, f"✗ {said.replace('  ', ' ')}\n")
        assert (found["columns"], found["troubles"], found["written"]) == ([], [said], None)
        person = run("sites", "add", server.url("/gone.html"))
        assert (person.status, person.out) == (1, "")
        assert person.err == f"✗ {server.url('/gone.html')} 网页不存在 (404)\n"
    assert (home / "sites.yaml").read_text("utf-8") == KEPT


def test_a_silent_server_is_not_waited_for(run: Run, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(add, "BATCH_SECONDS", 0.5)
    with CrawlServer() as server:
        server.say("/", Answer(b"late", after=threading.Event()))
        answer = run("sites", "add", server.url("/"))
    assert (answer.status, answer.out) == (1, "")
    assert answer.err == f"✗ {server.url('/')} 等不到回答\n"


@pytest.mark.parametrize(("host", "waits"), [("www.luoyuan.example", True), ("127.0.0.1", False)])
def test_between_two_steps_it_waits_as_a_crawl_does(
    run: Run, home: Path, host: str, waits: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    def fetch_pages(urls: list[str], *_: object, own: str) -> list[Fetched]:
        assert own == f"http://{host}/"
        return [Fetched(url, 200, url, '<a href="/yw/">要闻</a>'.encode()) for url in urls]

    monkeypatch.setattr(add, "fetch_pages", fetch_pages)
    monkeypatch.setattr(add.time, "sleep", slept.append)
    assert run("sites", "add", f"http://{host}/").status == 1
    assert [0 < seconds <= 1 for seconds in slept] == [True] * waits


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ftp://a.example/",), "'ftp://a.example/' is no address; one begins with http:// or https://"),
        (("www.a.example",), "is no address"),
        (("http://[::1",), "is no address"),
        (("http://a.example:0x/",), "is no address"),
        (("http://a.example/", "--key", "云溪"), "a site's key is made of letters"),
        (("http://old.example/index.html",), "sites.yaml:5: sites.old.columns[0]: this column is watched already"),
        (("http://a.example/", "--key", "old"), "sites.yaml:2: sites.old: there is a site of this key already"),
    ],
)
def test_what_cannot_be_added_is_refused_before_anybody_is_asked(
    run: Run, tmp_path: Path, words: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = "sites:\n  old:\n    name: 旧\n    columns:\n      - http://old.example/\n"
    (tmp_path / "sites.yaml").write_text(old, "utf-8")
    monkeypatch.setattr(add, "fetch_pages", None)
    answer = run("--lang", "en", "sites", "add", *words)
    assert (answer.status, answer.out) == (2, "")
    (line,) = answer.err.splitlines()
    assert said in line
    assert (tmp_path / "sites.yaml").read_text("utf-8") == old


def test_without_sites_yaml_it_says_how_to_get_one(run: Run) -> None:
    answer = run("sites", "add", "http://a.example/")
    assert (answer.status, answer.out) == (2, "")
    assert "没有这个文件;`shixun init` 会写一份" in answer.err


def test_what_init_writes_takes_a_site(run: Run, tmp_path: Path, city: CityServer) -> None:
    assert run("init").status == 0
    before = (tmp_path / "sites.yaml").read_text("utf-8")
    answer = run("sites", "add", f"{city.base('guangdian')}/news/", "--key", "gd", "--json")
    assert answer.status == 0
    added = f'  gd:\n    name: "栖川广电网"\n    columns:\n      - {city.base("guangdian")}/news/  # 要闻 · 新闻\n'
    assert (tmp_path / "sites.yaml").read_text("utf-8") == before.replace("\nsites:\n", f"\nsites:\n{added}")
    assert json.loads(run("sites", "list", "--json").out)["site"] == "gd"


def test_it_explains_itself(run: Run) -> None:
    assert "Usage: shixun sites add" in run("sites", "add", "--help").out
