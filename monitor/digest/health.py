"""Each site by the indicators that its owner is judged by, as far as they can be watched from outside. Pure.

They are those of the national inspection (政府网站与政务新媒体检查指标): a site that does not open in five per cent
of a week's visits, columns left alone, dead links, forged dates of publication, tampering.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storage.records import Change, ChangeKind, SiteHealth

FAILING = 0.05
"""Share of failed visits from which a site is said not to open."""


@dataclass(frozen=True, slots=True)
class Indicators:
    """A site's indicators for one China day (or the last of several).

    ``week_visits`` and ``week_failures`` count the seven days up to it; where nothing is known of those they are the
    day's own. ``tampered`` and ``backdated`` count what the digest tells.
    """

    health: SiteHealth
    week_visits: int = 0
    week_failures: int = 0
    tampered: int = 0
    backdated: int = 0

    @property
    def failing(self) -> float:
        """The share of the week's visits that failed, 0 to 1."""
        return self.week_failures / self.week_visits if self.week_visits else 0.0

    @property
    def is_failing(self) -> bool:
        """Whether the site fails to open as often as the inspection forbids."""
        return self.week_failures > 0 and self.failing >= FAILING

    @property
    def is_telling(self) -> bool:
        """Whether there is anything here that a reader should know."""
        return self.is_failing or in_trouble(self.health) or bool(self.tampered or self.backdated)


def in_trouble(health: SiteHealth) -> bool:
    """Whether a site's day has anything that a reader should know; a failed visit among very many is nothing."""
    # The note says of failures what their share says better.
    noted = health.note is not None and not health.failures
    silent = health.last_success_at is None
    failing = health.failures > 0 and health.failures >= FAILING * health.visits
    return bool(silent or failing or health.blocked or health.stale_columns or health.missing or noted)


def indicators(
    health: Sequence[SiteHealth], changes: Sequence[Change], weeks: Mapping[str, tuple[int, int]]
) -> tuple[Indicators, ...]:
    """Every site's indicators, the worst first. ``weeks`` gives (visits, failures) of the seven days by site."""
    tampered = Counter(change.site for change in changes if change.kind is ChangeKind.TAMPERED)
    backdated = Counter(change.site for change in changes if is_backdated(change))
    told = [
        Indicators(
            site,
            *weeks.get(site.site, (site.visits, site.failures)),
            tampered=tampered[site.site],
            backdated=backdated[site.site],
        )
        for site in health
    ]
    return tuple(sorted(told, key=_gravity))


def is_backdated(change: Change) -> bool:
    """Whether a new article was dated back (``monitor.compare.backdating``)."""
    return change.kind is ChangeKind.NEW and "column_watched_since" in change.evidence


def _gravity(one: Indicators) -> tuple[bool, bool, bool, float, int, int, str]:
    health = one.health
    return (
        not one.is_telling,
        not one.tampered,
        health.last_success_at is not None,
        -one.failing,
        -len(health.stale_columns),
        -health.missing,
        health.site,
    )
