"""The words the made city is described in: sites, what an article says, what happens to it, what a server answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from storage.records import ChangeKind, Facts


class Form(StrEnum):
    """What a paragraph is on the page; decides its markup, never its text."""

    PLAIN = "plain"
    SUBHEAD = "subhead"
    CAPTION = "caption"
    ROW = "row"
    SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph. A table row keeps its cells apart by tabs."""

    text: str
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Wording:
    """What an article says: everything that a change of is news. ``clock`` is ``HH:MM:SS`` China time or ``None``.

    ``writers`` wrote it (记者, 通讯员), ``editor`` handled it (责任编辑). ``prints_writers`` says that the page names
    the writers in a label of its own; otherwise they stand in the text or nowhere. ``files`` are names of attachments.
    """

    title: str
    day: date
    blocks: tuple[Block, ...]
    clock: str | None = None
    source: str | None = None
    writers: tuple[str, ...] = ()
    prints_writers: bool = False
    editor: str | None = None
    files: tuple[str, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The body as text; the cells of a table row are parted by one space."""
        return tuple(block.text.replace("\t", " ") for block in self.blocks)


class Condition(StrEnum):
    """How a known address answers in a round."""

    LIVE = "live"
    NOT_FOUND = "404"
    GONE = "410"
    SOFT_GONE = "soft-404"
    SOFT_GONE_GBK = "soft-404-gbk"
    SENT_HOME = "redirect"
    BLOCKED = "blocked"
    CHALLENGED = "challenged"
    UNAVAILABLE = "503"
    HIJACKED = "hijacked"
    HIJACKED_CODED = "hijacked-coded"

    @property
    def withdrawn(self) -> bool:
        """Whether a reader would say that the article was taken down."""
        return self in _WITHDRAWN

    @property
    def hijacked(self) -> bool:
        """Whether somebody else writes into the page's frame."""
        return self in (Condition.HIJACKED, Condition.HIJACKED_CODED)


_WITHDRAWN = (
    Condition.NOT_FOUND,
    Condition.GONE,
    Condition.SOFT_GONE,
    Condition.SOFT_GONE_GBK,
    Condition.SENT_HOME,
)


@dataclass(frozen=True, slots=True)
class CityColumn:
    """A column of a site. ``path`` is its first list page, ``kept`` how many articles it lists over all its pages."""

    key: str
    name: str
    path: str
    number: int
    topics: tuple[str, ...]
    articles: int
    per_page: int
    kept: int = 10_000


@dataclass(frozen=True, slots=True)
class CitySite:
    """A site of the city.

    ``encoding`` is what its bytes truly are, ``declared`` what the page says, ``header`` what HTTP says.
    ``validators`` names the caching headers it sends: ``etag``, ``modified``, ``both`` or ``none``. ``byline`` tells
    how it names its writers: ``lead`` or ``tail`` of the text, a ``label``, or ``none``. ``bom`` puts a byte order mark
    before the page. ``given`` settles what its stories are about (its district, its bureau). ``port`` is known
    once a server serves it.
    """

    key: str
    name: str
    system: str
    domain: str
    columns: tuple[CityColumn, ...]
    encoding: str = "utf-8"
    declared: str = "utf-8"
    header: str | None = None
    validators: str = "none"
    publisher: str = ""
    byline: str = "none"
    robots: str | None = None
    bom: bool = False
    given: tuple[tuple[str, str], ...] = ()
    port: int | None = None

    def column(self, key: str) -> CityColumn:
        """The column of that key; ``KeyError`` if there is none."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(key)


@dataclass(frozen=True, slots=True)
class State:
    """An article in one round. ``touched`` is the last round in which it really changed.

    ``markup`` counts rewrites of its source that no reader can see; ``path`` is where it lives, ``former`` the address
    that sends there with 301.
    """

    wording: Wording
    column: str
    path: str
    touched: int
    condition: Condition = Condition.LIVE
    markup: int = 0
    former: str | None = None


@dataclass(frozen=True, slots=True)
class CityArticle:
    """An article through all rounds: ``states[0]`` belongs to round 1; ``None`` before it was published."""

    site: str
    number: int
    states: tuple[State | None, ...]
    reprint_of: tuple[str, str] | None = None

    def at(self, round_: int) -> State | None:
        """Its state in that round."""
        return self.states[round_ - 1]

    @property
    def born(self) -> int:
        """The round of its first appearance."""
        return next(index for index, state in enumerate(self.states, 1) if state is not None)


@dataclass(frozen=True, slots=True)
class Happening:
    """One change that a perfect monitor tells between the round before and ``round``.

    ``how`` says how a removed page answers (``404``, ``410``, ``soft-404``, ``redirect``) and is ``None`` for every
    other kind. ``to_path`` is the new address of a moved page. ``before`` and ``after`` are the words that changed,
    ``facts`` those of them that are facts. A ``redesigned`` has its site's first column as ``path``. ``list_page``
    counts from 1: the list page on which a new article stands.
    """

    round: int
    site: str
    path: str
    kind: ChangeKind
    title: str
    how: str | None = None
    to_path: str | None = None
    before: str = ""
    after: str = ""
    facts: Facts = field(default_factory=Facts)
    paragraphs_added: int = 0
    paragraphs_removed: int = 0
    reprint_of: tuple[str, str] | None = None
    list_page: int | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server sends. ``encoding`` is the true encoding of a text body, ``None`` for anything else."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    encoding: str | None = "utf-8"

    @property
    def text(self) -> str:
        """The body decoded by its true encoding, strictly."""
        return self.body.decode(self.encoding or "utf-8")
