"""``shixun status URL``: when a page is next due, and why."""

from __future__ import annotations

from datetime import timedelta

from crawler.pace import site_habits
from crawler.recrawl import Due, Why, next_due
from crawler.sites import Catalogue
from monitor import tell
from monitor.commands.archives import home_archive
from monitor.commands.screen import DONE, FAILED, Context, now, out, out_json, say
from storage.archive import Archive
from storage.records import Observation, Page

NEAR = 0.25
"""A page that is due so much of its wait before what the policy says now was called for by something else."""
SOON = timedelta(minutes=5)


def page_status(context: Context, url: str, *, as_json: bool) -> int:
    """Tell when the pages of an address are due; returns the exit status, 1 where none is known."""
    with home_archive(context.home) as (catalogue, archive):
        visits = archive.reading.observations(url)
        latest = {visit.page_id: visit for visit in visits}
        for page_id, visit in latest.items():
            page = archive.comparing.page(page_id)
            due = _explained(catalogue, archive, page, visit)
            _tell(context, page, visit, due, as_json=as_json)
    if not latest:
        say(f"没有访问过 {url}" if context.lang == "zh" else f"no visit to {url} yet")
    return DONE if latest else FAILED


def _explained(catalogue: Catalogue, archive: Archive, page: Page, visit: Observation) -> Due:
    """When a page is due as the archive has it, and the reason that the policy gives for it now."""
    site = catalogue.sites.get(page.site)
    if site is None:
        return Due(page.due_at, Why.LET_GO)
    habits = site_habits(archive.crawling, catalogue.home, site, now())
    said = next_due(page, visit.outcome, site.schedule, visit.at, habits)
    if page.due_at is None or said.at is None:
        return Due(page.due_at, said.why, said.figures)
    planned = max(said.at - visit.at, SOON)
    if page.due_at < said.at - planned * NEAR:
        return Due(page.due_at, Why.HASTENED)
    return Due(page.due_at, said.why, said.figures)


def _tell(context: Context, page: Page, visit: Observation, due: Due, *, as_json: bool) -> None:
    if as_json:
        at = tell.china_time(due.at) if due.at else None
        figures = {name: round(figure, 4) for name, figure in due.figures.items()}
        told = {"rule": due.why, "why": due.chinese, "why_en": due.english, "figures": figures}
        last = {"visited_at": tell.china_time(visit.at), "outcome": visit.outcome}
        out_json({"site": page.site, "url": page.url, "due_at": at, **told, **last})
        return
    chinese = context.lang == "zh"
    when = tell.china_time(due.at)[:16].replace("T", " ") if due.at else ("不定期" if chinese else "when asked for")
    seen = f"{tell.china_time(visit.at)[:16].replace('T', ' ')} ({visit.outcome})"
    out(f"{page.site}  {tell.printable(page.url)}")
    out(f"  {'上次访问' if chinese else 'visited'}: {seen}")
    out(f"  {'下次访问' if chinese else 'due'}: {when}")
    out(f"  {'原因' if chinese else 'why'}: {due.chinese if chinese else due.english}")
