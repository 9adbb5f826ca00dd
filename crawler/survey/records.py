"""The words that a survey is told in. Frozen records, like those of ``storage.records``."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storage.records import Article, Link


class ColumnKind(StrEnum):
    """What a column is for, by the words it is called by."""

    NEWS = "要闻"
    NOTICES = "通知公告"
    POLICY = "政策"
    OTHER = "其他"


@dataclass(frozen=True, slots=True)
class Door:
    """A link that may lead to a column, with the words it is called by; the higher its ``rank``, the likelier."""

    url: str
    title: str
    kind: ColumnKind
    rank: float = 0.0


@dataclass(frozen=True, slots=True)
class Column:
    """A column that was looked at and lists articles of its own site, in printed order."""

    url: str
    title: str
    kind: ColumnKind
    links: tuple[Link, ...] = ()
    next_page: str | None = None

    @property
    def newest(self) -> str | None:
        """The newest China day that its list prints, ISO; ``None`` where it prints none."""
        return max((link.date[:10] for link in self.links if link.date), default=None)


@dataclass(frozen=True, slots=True)
class Sample:
    """An article of the best column as it was read; where it could not be, ``trouble`` says why in a line."""

    url: str
    article: Article | None = None
    trouble: str | None = None


@dataclass(frozen=True, slots=True)
class Survey:
    """What was found behind an address.

    ``columns`` are worth watching; ``others`` list articles too, and ``also`` were not looked at for want of patience.
    ``pattern`` is a regular expression for the end of the articles' addresses, ``covered`` how many of the listed
    links it fits. ``troubles`` are lines for the person: what was asked for and could not be had.
    """

    url: str
    name: str = ""
    system: str | None = None
    encoding: str | None = None
    columns: tuple[Column, ...] = ()
    others: tuple[Column, ...] = ()
    also: tuple[Door, ...] = ()
    pattern: str | None = None
    covered: int = 0
    feeds: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()
    troubles: tuple[str, ...] = ()
