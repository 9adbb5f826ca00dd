"""``shixun status URL``: when a page is next due, and why."""

from __future__ import annotations

from crawler.pace import site_habits
from crawler.recrawl import Due, next_due
from crawler.sites import Catalogue
from monitor import tell
from monitor.commands.archives import home_archive
from monitor.commands.screen import DONE, FAILED, Context, now, out, out_json, say
from monitor.web.wording import outcome_name
from storage.archive import Archive
from storage.lives import Why
from storage.records import Observation, Page

_PLAIN = frozenset({Why.CONFIRM, Why.GONE, Why.NEVER_THERE, Why.COLUMN, Why.HASTENED, Why.POSTPONED})
"""Rules without figures."""


def page_status(context: Context, url: str, *, as_json: bool) -> int:
    """Tell when the pages of an address are due; returns the exit status, 1 where none is known."""
    with home_archive(context.home) as (catalogue, archive):
        latest = {visit.page_id: visit for visit in archive.reading.observations(url)}
        found = [archive.comparing.page(page_id) for page_id in latest]
        named = (archive.comparing.page_at(key, url) for key in catalogue.sites)
        found += [page for page in named if page is not None and page.id not in latest]
        for page in found:
            visit = latest.get(page.id)
            _tell(context, page, visit, _explained(catalogue, archive, page, visit), as_json=as_json)
    if not found:
        say(context.says("not-listed", tell.printable(url)))
    return DONE if found else FAILED


def _explained(catalogue: Catalogue, archive: Archive, page: Page, visit: Observation | None) -> Due:
    """When a page is due as the archive has it, and by which rule; the figures are those that the past gives now."""
    site = catalogue.sites.get(page.site)
    if site is None or page.due_at is None:
        return Due(page.due_at, Why.LET_GO)
    if page.due_why in _PLAIN:
        # What was told or learned since does not change the rule by which it was put down.
        return Due(page.due_at, page.due_why)
    if visit is None:
        return Due(page.due_at, Why.UNREAD)
    habits = site_habits(archive.crawling, catalogue.home, site, now())
    plans = [next_due(page, visit.outcome, site.schedule, visit.at, known) for known in (habits, None)]
    said = next((plan for plan in plans if plan.why is page.due_why), plans[0])
    return Due(page.due_at, said.why, said.figures)


def _tell(context: Context, page: Page, visit: Observation | None, due: Due, *, as_json: bool) -> None:
    if as_json:
        at = tell.china_time(due.at) if due.at else None
        figures = {name: round(figure, 4) for name, figure in due.figures.items()}
        told = {"rule": due.why, "why": due.chinese, "why_en": due.english, "figures": figures}
        last = {"visited_at": tell.china_time(visit.at), "outcome": visit.outcome} if visit else {"visited_at": None}
        out_json({"site": page.site, "url": page.url, "due_at": at, **told, **last})
        return
    when = tell.china_time(due.at)[:16].replace("T", " ") if due.at else context.says("irregular")
    seen = "-"
    if visit:
        seen = f"{tell.china_time(visit.at)[:16].replace('T', ' ')} ({outcome_name(visit.outcome, context.lang)})"
    out(f"{page.site}  {tell.printable(page.url)}")
    out(context.says("page-seen", seen))
    out(context.says("page-due", when))
    out(context.says("page-why", due.chinese if context.lang == "zh" else due.english))
