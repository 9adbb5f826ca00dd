"""``shixun init``, ``sites``, ``status``, ``doctor`` and ``serve``: setting up, and watching that it runs."""

from __future__ import annotations

import asyncio
import importlib
import logging
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from crawler.agent import program_version, user_agent
from crawler.extraction.learned import Learned
from crawler.extraction.read import read_page
from crawler.fetch import fetch_pages
from crawler.locks import service_lock
from crawler.pipeline import own_links
from crawler.sites import Site, load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.screen import FAILED, context_of, home_archive, hush, now, out, out_json
from monitor.config import load_settings
from monitor.service import Service
from storage.errors import StorageError
from storage.records import Article, Change, Lesson, Role, china_day
from storage.sql import open_archive

EXAMPLE = """\
# 市讯的站点目录。每个站点只需名称和栏目网址,其余都有默认值。
# The sites to watch. A site needs a name and the addresses of its columns; all else has a default.

# 站长可以联系到您的邮箱或网址,会写进访问时报出的名称。
# Whom a webmaster may write to; it stands in the name we give at every door.
contact:

# database: postgresql://user@localhost/shixun     默认是本目录下的 shixun.db

digest:
  at: "07:30"          # 中国时间,写前一日的简报

sites:
#  loudi:
#    name: 娄底新闻
#    columns:
#      - https://www.example.gov.cn/xwzx/list.html
#    # 以下都可省略 / all of these may be left out:
#    # delay: 2                  两次请求之间的秒数
#    # hosts: [news.example.cn]  同属本站的其他域名
#    # schedule: {column: 30m, day: 2h, week: 12h, month: 2d, older: 14d}
#    # removal: {visits: 2, over: 2h}   连续几次、相隔多久不见,才算撤下
#    # attachments: keep         附件也取回存档,换了文件就能看出;默认 list 只列名称
#    # limits: {pages_per_run: 400, list_pages: 3, attachment_bytes: 20000000}
"""

FREE_ENOUGH = 200_000_000
LIBRARIES = (
    "scrapy",
    "trafilatura",
    "lxml_html_clean",
    "apscheduler",
    "sqlalchemy",
    "alembic",
    "jieba",
    "opencc",
    "zstandard",
)

sites = typer.Typer(no_args_is_help=True, help="The catalogue of sites. 站点目录。")


def init(context: typer.Context) -> None:
    """Write a commented sites.yaml. 写一份带说明的站点目录。"""
    home = context_of(context).home
    target = home / "sites.yaml"
    home.mkdir(parents=True, exist_ok=True)
    try:
        with open(target, "x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        raise ConfigError(f"{target}: already there; nothing was changed") from None
    out(str(target))


@sites.command("list")
def list_sites(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON line a site")] = False
) -> None:
    """The sites of sites.yaml. 列出站点。"""
    catalogue = load_catalogue(context_of(context).home)
    for site in catalogue.sites.values():
        if as_json:
            out_json({"site": site.key, "name": site.name, "columns": list(site.columns)})
        else:
            out(f"{site.key}\t{site.name}\t{len(site.columns)} 个栏目")


@sites.command("check")
def check_sites(
    context: typer.Context, keys: Annotated[list[str] | None, typer.Argument(metavar="KEY…")] = None
) -> None:
    """Validate sites.yaml and try each column once. 检查目录并试读每个栏目。"""
    catalogue = load_catalogue(context_of(context).home)
    load_settings(catalogue)
    chosen = catalogue.choose(keys or list(catalogue.sites))
    columns = [(site, column) for site in chosen for column in site.columns]
    failed = False
    for (site, column), page in zip(
        columns, fetch_pages([column for _, column in columns], catalogue.contact), strict=True
    ):
        if page.error or page.status != 200:
            failed = True
            out(f"✗ {site.key}  {column}  {page.error or page.status}")
            continue
        article = own_links(site, page.final_url or column, read_page(page.body, page.final_url, role=Role.COLUMN))
        if not article.links and article.lists:
            article = _listed_elsewhere(site, article, catalogue.contact)
        failed = failed or not article.links
        mark = "✓" if article.links else "✗"
        out(f"{mark} {site.key}  {column}  {article.encoding}  {article.platform or '—'}  {len(article.links)} 条")
        for link in article.links[:3]:
            out(f"    {link.date or '':10}  {tell.printable(link.title)}")
    if failed:
        raise typer.Exit(FAILED)


def _listed_elsewhere(site: Site, column: Article, contact: str | None) -> Article:
    """A column that prints no list itself, with what its service lists, or the first page of a paper's day."""
    (page,) = fetch_pages(column.lists[:1], contact)
    if page.error or page.status != 200:
        return column
    url = page.final_url or column.lists[0]
    return replace(column, links=own_links(site, url, read_page(page.body, url, role=Role.COLUMN)).links)


def status(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False
) -> None:
    """What is running, due and failing. 正在做什么,该做什么,哪里有问题。"""
    moment = now()
    with home_archive(context_of(context).home) as (catalogue, archive):
        counts = archive.running.counts()
        due = {key: n for key, n in archive.running.due_sites(moment).items() if key in catalogue.sites}
        runs = archive.running.runs()
        health = archive.running.health(china_day(moment), moment)
        lessons = [lesson for lesson in archive.learning.lessons() if lesson.site in catalogue.sites]
    lock = service_lock(catalogue.home)
    free = lock.acquire()
    lock.release()
    holder = None if free else lock.holder()
    if as_json:
        troubles = {site.site: site.note for site in health if site.note}
        unfinished = [run.site for run in runs if run.finished_at is None]
        learned = {lesson.site: lesson.name for lesson in lessons}
        state = {"service": holder, "counts": counts, "due": due, "unfinished": unfinished}
        out_json({**state, "troubles": troubles, "learned": learned})
        return
    out(f"服务: {f'运行中 (进程 {holder})' if holder else '未运行'}")
    out(
        f"网页 {counts['pages']}  访问 {counts['observations']}  版本 {counts['versions']}  变化 {counts['changes']}"
        f"  待比较 {counts['pending']}"
    )
    for key, number in due.items():
        out(f"该访问: {key} {number} 页")
    for run in runs[:10]:
        ended = run.reason if run.finished_at else "未结束"
        out(f"抓取 {tell.china_time(run.started_at)[5:16].replace('T', ' ')}  {run.site}  {run.visits} 页  {ended}")
    for line in _learned(lessons):
        out(line)
    for site in health:
        if site.note:
            out(f"问题: {site.name}  {site.note}")


def _learned(lessons: Sequence[Lesson]) -> Iterator[str]:
    """What each site has taught of its template, a line a site."""
    for lesson in lessons:
        if found := Learned.from_json(lesson.furniture):
            parts = f"{len(found.blocks)} 个区块、{len(found.lists)} 个列表、{len(found.sayings)} 行"
            yield f"版式: {lesson.site}  学得 {parts}({tell.china_time(lesson.learned_at)[:10]})"


def doctor(context: typer.Context) -> None:
    """Is this installation sound. 检查安装。"""
    failed = False
    for sound, what in _examine(context_of(context).home):
        failed = failed or not sound
        out(f"{'✓' if sound else '✗'} {what}")
    if failed:
        raise typer.Exit(FAILED)


def _examine(home: Path) -> Iterator[tuple[bool, str]]:
    yield (3, 11) <= sys.version_info[:2] < (3, 14), f"Python {sys.version.split()[0]} (3.11–3.13)"
    yield True, f"shixun {program_version()}"
    for library in LIBRARIES:
        try:
            importlib.import_module(library)
        except ImportError as error:
            yield False, f"{library}: {error}"
    for package in ("crawler", "monitor", "storage"):
        found = Path(str(importlib.import_module(package).__file__)).parent.parent
        ours = Path(__file__).resolve().parents[2]
        if found.resolve() != ours:
            yield (
                False,
                f"the package `{package}` comes from {found}: another program's of the same name stands in the way",
            )
    yield from _examine_home(home)


def _examine_home(home: Path) -> Iterator[tuple[bool, str]]:
    writable = home.is_dir() and os.access(home, os.W_OK)
    yield writable, f"home {home}{'' if writable else ' cannot be written to'}"
    if writable:
        free = shutil.disk_usage(home).free
        yield free > FREE_ENOUGH, f"{free // 1_000_000} MB free"
    try:
        catalogue = load_catalogue(home)
        load_settings(catalogue)
    except ConfigError as error:
        yield False, str(error)
        return
    yield True, f"sites.yaml: {len(catalogue.sites)} sites"
    if catalogue.needs_contact():
        yield False, "sites.yaml has no `contact:`; a webmaster could not write to you"
    yield True, user_agent(catalogue.contact)
    try:
        archive = open_archive(catalogue.database)
        counts = archive.running.counts()
        archive.close()
    except StorageError as error:
        yield False, str(error)
        return
    yield True, f"database: {counts['versions']} versions, {counts['changes']} changes, {counts['pending']} to compare"


def serve(context: typer.Context) -> None:
    """The service: crawl on schedule, compare, write the digest each morning. 后台服务。"""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for library in ("apscheduler", "alembic"):
        logging.getLogger(library).setLevel(logging.WARNING)

    def told(change: Change) -> None:
        try:
            out(tell.as_line(change, sites={key: site.name for key, site in service.catalogue.sites.items()}))
            sys.stdout.flush()
        except BrokenPipeError:
            hush()

    service = Service(context_of(context).home, on_change=told)
    asyncio.run(service.run())
