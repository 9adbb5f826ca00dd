"""``shixun status``: what runs, what is due, and what fails now."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from crawler.extraction.learned import Learned
from crawler.locks import FileLock, service_lock, site_lock
from crawler.sites import Site
from monitor import tell
from monitor.commands.archives import home_archive
from monitor.commands.due import page_status
from monitor.commands.failing import Trouble, failing_json, over, troubles_now
from monitor.commands.letters import Post, post_of
from monitor.commands.screen import Context, context_of, now, out, out_json
from monitor.commands.working import crew_json, crew_lines
from storage.crew import Queue, Worker
from storage.records import Ailing, Lesson, Role, Run, china_day

CRAWLS = 10
"""The newest crawls, so many, are told."""

_BROKEN = re.compile(r"(?P<reason>.+), with (?P<n>\d+) unexpected errors")


class _State(NamedTuple):
    """All that ``status`` tells."""

    home: Path
    sites: Mapping[str, Site]
    holder: int | None
    counts: Mapping[str, int]
    due: Mapping[str, int]
    runs: Sequence[Run]
    lessons: Sequence[Lesson]
    post: Post
    unsearched: int
    ailing: Sequence[Ailing]
    troubles: Sequence[Trouble]
    over: Sequence[Site]
    now: datetime
    workers: Sequence[Worker]
    queue: Queue | None


def status(
    context: typer.Context,
    url: Annotated[str | None, typer.Argument(metavar="[URL]", help="when this page is next due, and why")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="one JSON line")] = False,
) -> None:
    """What is running, due and failing; of a page, when it is next due. 正在做什么,该做什么,哪里有问题。"""
    options = context_of(context)
    if url is not None:
        raise typer.Exit(page_status(options, url, as_json=as_json))
    state = _look(options.home)
    if as_json:
        out_json(_state_json(state))
    else:
        for line in _lines(state, options):
            out(line)
    raise typer.Exit(state.post.status)


def _look(home: Path) -> _State:
    moment = now()
    with home_archive(home) as (catalogue, archive):
        sites, running = catalogue.sites, archive.running
        health = [site for site in running.health(china_day(moment), moment) if site.site in sites]
        ailing = [page for page in running.ailing() if page.site in sites]
        troubles = troubles_now(sites, ailing, health, moment)
        return _State(
            catalogue.home,
            sites,
            holder=_holder(service_lock(catalogue.home)),
            counts=running.counts(),
            due={key: n for key, n in running.due_sites(moment).items() if key in sites},
            runs=running.runs(),
            lessons=[lesson for lesson in archive.learning.lessons() if lesson.site in sites],
            post=post_of(archive.outbox, moment),
            unsearched=archive.searching.unindexed(),
            ailing=ailing,
            troubles=troubles,
            over=over(sites, health, troubles),
            now=moment,
            workers=running.workers(moment),
            queue=running.queue(),
        )


def _holder(lock: FileLock) -> int | None:
    """The process that has a lock now."""
    if not lock.acquire():
        return lock.holder()
    lock.release()
    return None


def _state_json(state: _State) -> dict[str, object]:
    chinese = Context(state.home, "zh")
    return {
        "service": state.holder,
        "counts": state.counts,
        "due": state.due,
        "unfinished": [run.site for run in state.runs if run.finished_at is None],
        "troubles": {one.site.key: one.line(chinese) for one in state.troubles},
        "failing": [failing_json(page) for page in state.ailing if page.role is Role.COLUMN],
        "over": [site.key for site in state.over],
        "learned": {lesson.site: lesson.name for lesson in state.lessons},
        "unsearched": state.unsearched,
        **crew_json(state.workers, state.queue, state.now),
        **state.post.as_json(),
    }


def _lines(state: _State, options: Context) -> Iterator[str]:
    says = options.says
    yield says("service-on", state.holder) if state.holder else says("service-off")
    yield from crew_lines(state.workers, state.queue, state.now, options)
    yield says("counts", **state.counts)
    if state.unsearched:
        yield says("index-behind", state.unsearched)
    for key, number in state.due.items():
        yield says("due-pages", key, number)
    yield from _crawls(state, options)
    yield from _learned(state.lessons, options)
    yield from state.post.lines(options)
    for one in state.troubles:
        yield says("trouble", tell.printable(one.site.name), one.line(options))
    if state.over:
        yield says("over", says("comma").join(tell.printable(site.name) for site in state.over))


def _crawls(state: _State, options: Context) -> Iterator[str]:
    """The latest crawls, a line each. One that never ended is under way where it is its site's newest."""
    newest: set[str] = set()
    for run in state.runs[:CRAWLS]:
        if run.finished_at is not None:
            ended = _ended(run.reason or "", options)
        else:
            held = run.site not in newest and _holder(site_lock(state.home, run.site)) is not None
            ended = options.says("crawl-open" if held else "crawl-cut")
        newest.add(run.site)
        when = tell.china_time(run.started_at)[5:16].replace("T", " ")
        yield options.says("crawl-line", when, run.site, run.visits, ended)


def _ended(reason: str, options: Context) -> str:
    """Why a crawl ended, in words; it is kept as Scrapy says it."""
    if broken := _BROKEN.fullmatch(reason):
        return options.says("crawl-broken", _ended(broken["reason"], options), broken["n"])
    if reason.startswith("storage: "):
        return options.says("crawl-storage", tell.printable(reason.removeprefix("storage: ")))
    keys = {"finished": "crawl-finished", "shutdown": "crawl-stopped"}
    return options.says(keys[reason]) if reason in keys else tell.printable(reason)


def _learned(lessons: Sequence[Lesson], options: Context) -> Iterator[str]:
    """What each site has taught of its template, a line a site."""
    for lesson in lessons:
        if found := Learned.from_json(lesson.furniture):
            parts = len(found.blocks), len(found.lists), len(found.sayings)
            yield options.says("learned", lesson.site, *parts, tell.china_time(lesson.learned_at)[:10])
