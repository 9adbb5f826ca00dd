"""``shixun status`` and ``doctor``: what it does, and whether it is sound."""

from __future__ import annotations

import importlib
import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from crawler.agent import program_version, user_agent
from crawler.extraction.learned import Learned
from crawler.locks import service_lock
from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.archives import archive_of, home_archive
from monitor.commands.due import page_status
from monitor.commands.letters import post_of
from monitor.commands.screen import FAILED, context_of, now, out, out_json
from monitor.config import load_settings
from storage.errors import StorageError
from storage.records import Lesson, Run, china_day

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
    "apprise",
)


def status(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="when this page is next due, and why")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """What is running, due and failing; of a page, when it is next due. 正在做什么,该做什么,哪里有问题。"""
    if url is not None:
        raise typer.Exit(page_status(context_of(context), url, as_json=as_json))
    moment = now()
    with home_archive(context_of(context).home) as (catalogue, archive):
        counts = archive.running.counts()
        due = {key: n for key, n in archive.running.due_sites(moment).items() if key in catalogue.sites}
        runs = archive.running.runs()
        health = archive.running.health(china_day(moment), moment)
        lessons = [lesson for lesson in archive.learning.lessons() if lesson.site in catalogue.sites]
        post = post_of(archive.outbox, moment)
        unsearched = archive.searching.unindexed()
    lock = service_lock(catalogue.home)
    free = lock.acquire()
    lock.release()
    holder = None if free else lock.holder()
    if as_json:
        notes = {site.site: site.note for site in health if site.note}
        unfinished = [run.site for run in runs if run.finished_at is None]
        learned = {lesson.site: lesson.name for lesson in lessons}
        state = {"service": holder, "counts": counts, "due": due, "unfinished": unfinished}
        out_json({**state, "troubles": notes, "learned": learned, "unsearched": unsearched, **post.as_json()})
        raise typer.Exit(post.status)
    out(f"服务: {f'运行中 (进程 {holder})' if holder else '未运行'}")
    out(
        f"网页 {counts['pages']}  访问 {counts['observations']}  版本 {counts['versions']}  变化 {counts['changes']}"
        f"  待比较 {counts['pending']}"
    )
    if unsearched:
        out(f"检索索引: 还在建立，最旧的 {unsearched} 个版本尚未收入")
    for key, number in due.items():
        out(f"该访问: {key} {number} 页")
    troubles = [f"问题: {site.name}  {site.note}" for site in health if site.note]
    for line in (*_crawls(runs[:10]), *_learned(lessons), *post.lines(), *troubles):
        out(line)
    raise typer.Exit(post.status)


def _crawls(runs: Sequence[Run]) -> Iterator[str]:
    """The latest crawls, a line each."""
    for run in runs:
        ended = run.reason if run.finished_at else "未结束"
        yield f"抓取 {tell.china_time(run.started_at)[5:16].replace('T', ' ')}  {run.site}  {run.visits} 页  {ended}"


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
        with archive_of(catalogue) as archive:
            counts = archive.running.counts()
    except StorageError as error:
        yield False, str(error)
        return
    yield True, f"database: {counts['versions']} versions, {counts['changes']} changes, {counts['pending']} to compare"
