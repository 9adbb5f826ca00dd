"""What other pages of its site say of a page: where its article went, where it came from, who shows the same instead.

Asked of the archive through the index of stories; what the answers mean is decided in ``decide``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta

from crawler.extraction.pagetitle import squash
from monitor.compare.marks import marks
from monitor.compare.reprints import Wording
from storage.archive import Comparing, Stories
from storage.records import Article, Observation, Page, Role, Told, Version

ABOUT_WHEN = timedelta(days=7)
"""How long after an article went from its old address its new one may be found."""
_MOST_OF_IT = 0.6
"""The share of a short notice's marks that another page has if it shows the same, but for a clock or a number."""

ReadAlike = Callable[[Version | None, Version, Page], Version | None]
"""(older version, newer one, the older one's page) -> the older as the newer was read."""


class Neighbours:
    """The questions, on one archive."""

    def __init__(self, comparing: Comparing, stories: Stories, read_alike: ReadAlike) -> None:
        self._comparing, self._stories, self._read_alike = comparing, stories, read_alike

    def twins(self, article: Article, page: Page, share: float = 0.0) -> Iterator[Page]:
        """Articles of the page's site that have at least a mark of ``article``, or so large a share of all of them."""
        shown = marks(article)
        alike = self._stories.alike(shown, excluding=page.id, shared=max(1, round(share * len(shown))))
        for twin in self._comparing.pages_among(page.site, alike):
            if twin.role is Role.ARTICLE and twin.version:
                yield twin

    def tells(self, twin: Page, fresh: Version) -> bool:
        """Whether a page's newest version is the article of ``fresh``, at most a little edited."""
        said = self._read_alike(self._comparing.version(twin.id, twin.version), fresh, twin)
        return said is not None and is_one_article(said.article, fresh.article)

    def heir(self, page: Page, base: Version, streak: Sequence[Observation]) -> str | None:
        """Where the article of a page that is gone stands now: at an address found since it was last seen at its own.

        One that was known while the page still stood is a second copy, and no new address.
        """
        for twin in self.twins(base.article, page):
            found = twin.first_seen_at
            late = found > streak[0].at + ABOUT_WHEN or (page.ok_at is not None and found <= page.ok_at)
            if late or twin.told not in (Told.NOTHING, Told.LIVE) or twin.missing_since is not None:
                continue
            newest = self._comparing.version(twin.id, twin.version)
            if newest is not None and self.tells(page, newest):
                return twin.url
        return None

    def sharing(self, page: Page, base: Version, fresh: Version) -> int:
        """How many other pages of the site show what this one shows in its article's place, in place of theirs.

        Nought where anything of the article is left, be it the headline: then the page was edited.
        """
        if not is_displaced(base.article, fresh.article):
            return 0
        return sum(self._is_displaced(twin, fresh) for twin in self.twins(fresh.article, page, _MOST_OF_IT))

    def _is_displaced(self, twin: Page, fresh: Version) -> bool:
        newest = self._comparing.version(twin.id, twin.version)
        known = self._comparing.version(twin.id, min(twin.base_version or twin.version, twin.version - 1))
        if newest is None or known is None or newest.article.title != fresh.article.title:
            return False
        return is_displaced(known.article, newest.article)


def is_displaced(known: Article, article: Article) -> bool:
    """Whether nothing of the known article is left: neither its headline nor a paragraph."""
    headline = squash(known.title or "")
    said = squash(" ".join((article.title or "", article.surface.title, *article.canonical)))
    kept = bool(headline) and headline in said
    return bool(known.canonical) and not kept and set(known.canonical).isdisjoint(article.canonical)


def is_one_article(one: Article, other: Article) -> bool:
    """Whether two pages of one site show one article, to the letter or under one headline a little edited.

    Items of a series (the daily air report) have a headline and a form in common, and other facts.
    """
    if squash("".join(one.canonical)) == squash("".join(other.canonical)) != "":
        return True
    if not one.title or one.title != other.title:
        return False
    said, told = Wording(one), Wording(other)
    return said.matches(told) and said.tells(told)
