"""Each site by the indicators that its owner is judged by, as far as they can be watched from outside. Pure.

They are those of the national inspection (政府网站与政务新媒体检查指标): a site that does not open in five per cent
of a week's visits, columns left alone, dead links, forged dates of publication, tampering.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitor.tell import Lang
from storage.records import Change, ChangeKind, SiteHealth

FAILING = 0.05
"""Share of failed visits from which a site is said not to open."""


_PARTS = re.compile("[;；]")
_FIGURES = (
    re.compile(r"\d+ 次访问失败"),
    re.compile(r"\d+ 次被防火墙拦截"),
    re.compile(r"\d+ 个栏目超过.{1,8}未更新"),
)
"""Parts of a site's note (``storage.sql.running``) that its indicators say as well."""

_ENGLISH = (
    (re.compile("当日没有访问"), "not visited on this day"),
    (re.compile("当日未能正常打开"), "did not open on this day"),
    (re.compile(r"(\d+) 个页面同时打不开,疑为网站故障"), "{0} pages did not open at once: the site seems broken"),
    (
        re.compile(r"(\d+) 个页面换成同一内容,疑为网站故障"),
        "{0} pages show one and the same text: the site seems broken",
    ),
)


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


def remarks(health: SiteHealth, lang: Lang) -> str:
    """What the note on a site says that its indicators do not: those are told beside it as figures."""
    told = []
    for part in _PARTS.split(health.note or ""):
        if part.strip() and not any(known.fullmatch(part.strip()) for known in _FIGURES):
            told.append(_in_english(part.strip()) if lang == "en" else part.strip().replace(",", "，"))
    return {"zh": "；", "en": "; "}[lang].join(told).rstrip("。.")


def _in_english(part: str) -> str:
    for known, words in _ENGLISH:
        if found := known.fullmatch(part):
            return words.format(*found.groups())
    return part


def in_trouble(health: SiteHealth) -> bool:
    """Whether a site's day has anything that a reader should know; a failed visit among very many is nothing."""
    # The note says of failures what their share says better.
    noted = health.note is not None and not health.failures
    silent = health.last_success_at is None
    failing = health.failures > 0 and health.failures >= FAILING * health.visits
    return bool(silent or failing or health.blocked or health.stale_columns or health.dead_links or noted)


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
        -health.dead_links,
        health.site,
    )
