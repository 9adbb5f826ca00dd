"""``/article/ID/diff/A/B``: two versions of an article compared, inline or side by side."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from monitor.compare.difference import Difference
from monitor.digest.item import Fact, Item
from monitor.digest.passages import passages
from monitor.tell import fact_pairs
from monitor.titles import headline
from monitor.web.asked import choice, nothing_here, with_query
from monitor.web.beside import LONGEST, folded, is_long
from monitor.web.compared import compared
from monitor.web.hijacks import hijack
from monitor.web.house import house_of
from monitor.web.look import show
from storage.records import Change, ChangeKind, Page, Told, Version

INLINE, SIDE = "inline", "side"


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions of one page: the older side first, as asked for."""

    page: Page
    old: Version
    new: Version

    @property
    def numbers(self) -> tuple[int, int]:
        """The versions' numbers."""
        return self.old.number, self.new.number

    @property
    def is_long(self) -> bool:
        """Whether a text is compared in part."""
        return is_long(self.old.article) or is_long(self.new.article)


def routes() -> list[Route]:
    """Where this is."""
    return [Route("/article/{page:number}/diff/{old:number}/{new:number}", difference, name="diff")]


def difference(request: Request) -> Response:
    """The comparison as the log would tell it, and both texts whole."""
    house = house_of(request)
    page_id, old, new = (request.path_params[name] for name in ("page", "old", "new"))
    if old == new:
        return RedirectResponse(f"/article/{page_id}/v/{new}", 303)
    browsing = house.archive.browsing
    page, was, now = browsing.page(page_id), browsing.version(page_id, old), browsing.version(page_id, new)
    if page is None or was is None or now is None:
        raise nothing_here()
    pair = Pair(page, was, now)
    view = choice(request, "view", INLINE, SIDE)
    told = compared(was, now)
    hijacks = [found for found in (hijack(browsing, one) for one in (was, now)) if found]
    return show(
        request,
        "difference.html.j2",
        here="sites",
        pair=pair,
        page=page,
        title=headline(now.article) or headline(was.article) or page.url,
        item=_labels(pair, told.found),
        folds=folded(told.rows),
        same=all(row.stayed for row in told.rows),
        view=view,
        views=[(name, with_query(request, view=name)) for name in (INLINE, SIDE)],
        longest=LONGEST,
        tampered=page.told is Told.TAMPERED or bool(hijacks),
        hijacks=hijacks,
        names=house.archive.running.site_names(),
    )


def _labels(pair: Pair, found: Difference | None) -> Item | None:
    """What differs beside the text, and the facts that are touched anywhere; ``None`` where nothing does."""
    if found is None:
        return None
    change = Change(
        site=pair.page.site,
        url=pair.page.url,
        kind=ChangeKind.EDITED,
        detected_at=pair.new.seen_at,
        edits=tuple(edit for edit in found.edits if edit.field != "body"),
        facts=found.facts,
        paragraphs_added=found.paragraphs_added,
        paragraphs_removed=found.paragraphs_removed,
        note=found.note,
    )
    return Item(
        change=change,
        site_name=pair.page.site,
        title="",
        passages=passages(change, pair.new.article, pair.old.article),
        facts=tuple(dict.fromkeys(Fact(*touched) for touched in fact_pairs(found.facts))),
    )
