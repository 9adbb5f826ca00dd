"""Fills the city's columns: which articles each site has at first and which it adds, with labels in its own manner."""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from storage.demo.catalogue import SITES
from storage.demo.systems import system_of
from storage.demo.truth import Block, CityColumn, CitySite, Condition, Form, State, Wording
from storage.demo.writing import Draft, Writer

ROUNDS = 6
QUIET_ROUND = 5
"""Nothing happens in it but what no reader can see."""
_DAYS = (0, 1, 2, 3, 3, 4)
"""Days from the first round to each."""
_FIRST_NUMBERS = {
    "qichuan": 30400, "wangxi": 50210, "jiaoyu": 2180, "xueyuan": 104020, "ribao": 366100, "xinwen": 81230,
    "wugang": 7100, "tangting": 4410, "chengtang": 1862300, "jiaotong": 1270, "guangdian": 55310,
}  # fmt: skip
_CLOCKS = {"day": None, "minute": "{:02d}:{:02d}:00", "second": "{:02d}:{:02d}:{:02d}"}
_TERSE = ("weather", "personnel", "audit")


def round_day(today: date, round_: int) -> date:
    """The China day of a round; ``today`` is that of round 1."""
    return today + timedelta(days=_DAYS[round_ - 1])


@dataclass(slots=True)
class Life:
    """An article while the city is being planned; ``states`` has one entry a round, ``None`` before it is born."""

    site: CitySite
    column: CityColumn
    number: int
    born: int
    draft: Draft
    states: list[State | None] = field(default_factory=list)
    reprint_of: tuple[str, str] | None = None

    def at(self, round_: int) -> State:
        """Its state in a round. ``AssertionError`` before it is born."""
        state = self.states[round_ - 1]
        assert state is not None
        return state

    def live_at(self, round_: int) -> bool:
        """Whether it exists and answers as it should."""
        state = self.states[round_ - 1]
        return state is not None and state.condition is Condition.LIVE

    def begin(self, wording: Wording) -> None:
        """Say this from its first round on."""
        path = system_of(self.site).article_path(self.column, self.number, wording.day)
        state = State(wording, self.column.key, path, self.born)
        self.states = [None] * (self.born - 1) + [state] * (ROUNDS - self.born + 1)

    def change(self, from_round: int, **fields: object) -> None:
        """Replace fields of its state from a round on; the round counts as a real change."""
        for index in range(from_round - 1, ROUNDS):
            state = self.states[index]
            assert state is not None
            self.states[index] = replace(state, touched=from_round, **fields)  # type: ignore[arg-type]

    def pass_through(self, round_: int, condition: Condition) -> None:
        """Answer otherwise in that round alone; no change of the article."""
        self.states[round_ - 1] = replace(self.at(round_), condition=condition)


class Newsroom:
    """Writes every article of the city in order of time."""

    def __init__(self, seed: int, today: date) -> None:
        self.writer = Writer(seed)
        self.dice = random.Random(f"newsroom {seed}")
        self.today = today
        self.lives: list[Life] = []
        self._numbers = dict(_FIRST_NUMBERS)
        self._topics: dict[tuple[str, str], list[str]] = {}

    def fill(self) -> list[Life]:
        """The articles of all sites, oldest first within a site; reprints are not among them yet."""
        for site in SITES:
            old = [
                (self._age(site, column, place), column) for column in site.columns for place in range(column.articles)
            ]
            for days, column in sorted(old, key=lambda pair: -pair[0]):
                self.publish(site, column, 1, self.today - timedelta(days=days))
        for round_ in range(2, ROUNDS + 1):
            for site in SITES:
                for place, column in enumerate(site.columns):
                    for _ in range(_fresh(site, place, round_)):
                        self.publish(site, column, round_, round_day(self.today, round_))
        return self.lives

    def publish(self, site: CitySite, column: CityColumn, round_: int, day: date) -> Life:
        """A new story of the site's own."""
        topic = self._topic(site, column)
        draft = self.writer.compose(topic, day, self._length(site, topic), site.given)
        life = Life(site, column, self.next_number(site), round_, draft)
        life.begin(self._worded(site, draft, day))
        self.lives.append(life)
        return life

    def next_number(self, site: CitySite) -> int:
        """The next identifier of a site's database; some are spent on things that never appear."""
        self._numbers[site.key] += self.dice.randint(1, 4)
        return self._numbers[site.key]

    def clock(self, site: CitySite) -> str | None:
        """A time of day, as exact as the site's system keeps it."""
        form = _CLOCKS[system_of(site).clock]
        return form and form.format(self.dice.randint(7, 17), self.dice.randint(0, 59), self.dice.randint(0, 59))

    def _age(self, site: CitySite, column: CityColumn, place: int) -> int:
        if site.system == "founder":
            return 0
        return place * 3 // 2 + self.dice.randint(0, 1) if len(column.topics) < 9 else place + self.dice.randint(0, 1)

    def _topic(self, site: CitySite, column: CityColumn) -> str:
        """The next topic of a column, dealt like cards so that every column has some of each."""
        deck = self._topics.setdefault((site.key, column.key), [])
        if not deck:
            deck.extend(column.topics)
            self.dice.shuffle(deck)
        return deck.pop()

    def _length(self, site: CitySite, topic: str) -> str:
        if topic in _TERSE:
            return self.dice.choice(("brief", "story"))
        long = 4 if site.system == "phpcms" else 2
        return self.dice.choice(("brief", "brief", "photo", *("story",) * 5, *("long",) * long))

    def _worded(self, site: CitySite, draft: Draft, day: date) -> Wording:
        dice, speaker = self.dice, self.writer.speaker
        writers = tuple(speaker.phrase("{person}", draft.setting) for _ in range(dice.choice((0, 1, 1, 2))))
        notice = draft.topic in ("short", "formal", "table", "personnel")
        wording = Wording(
            draft.title,
            day,
            draft.blocks if notice else _bylined(site, draft.blocks, writers),
            self.clock(site),
            self._source(site),
            () if notice else writers,
            site.byline == "label",
            speaker.phrase("{person}", draft.setting) if dice.random() < 0.6 else None,
            draft.files if site.system in ("trs", "vsb", "ucap") else (),
        )
        return wording if wording.writers else replace(wording, prints_writers=False)

    def _source(self, site: CitySite) -> str | None:
        chance = self.dice.random()
        if chance < 0.15:
            return None
        return site.publisher if chance < 0.8 else self.dice.choice(("栖川日报", "栖川发布", "栖川融媒"))


def _fresh(site: CitySite, place: int, round_: int) -> int:
    """How many stories of its own a site's column (by its place) adds in a round."""
    if round_ == QUIET_ROUND:
        return 0
    if site.system == "founder":
        return 7
    if place == 0:
        return 2 if round_ == 2 else 1
    return 1 if round_ in (2, 6) else 0


def _bylined(site: CitySite, blocks: tuple[Block, ...], writers: tuple[str, ...]) -> tuple[Block, ...]:
    """The body with its writers named in the text, where the site does so: before the lead or behind the last line."""
    plain = [index for index, block in enumerate(blocks) if block.form is Form.PLAIN]
    if not writers or site.byline not in ("lead", "tail"):
        return blocks
    names = f"记者 {writers[0]}" + (f" 通讯员 {writers[1]}" if len(writers) > 1 else "")
    where = plain[0] if site.byline == "lead" else plain[-1]
    text = blocks[where].text
    opening = "本报讯" if site.system == "founder" else f"{site.publisher}讯"
    text = f"{opening}（{names}）{text}" if site.byline == "lead" else f"{text}（{' '.join(writers)}）"
    return (*blocks[:where], replace(blocks[where], text=text), *blocks[where + 1 :])
