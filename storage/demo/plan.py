"""What happens in the city, round by round: a script, and the planner that plays it on the newsroom's articles.

Every step picks an article that no other step has used, so that each happening can be told from every other.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from storage.demo import amend
from storage.demo.amend import Amend, Amendment
from storage.demo.catalogue import site_of
from storage.demo.newsroom import QUIET_ROUND, ROUNDS, Life, Newsroom, round_day
from storage.demo.systems import system_of
from storage.demo.truth import CitySite, Condition, Form, Happening, Wording
from storage.records import ChangeKind, Facts

REDESIGNS = {"chengtang": 4}
"""The round from which a site shows itself in another design."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the script. ``until`` is the round that undoes it; ``of`` is the site and column of an original.

    ``part`` asks for an edit on that page of an article in several pages.
    """

    round: int
    act: str
    site: str
    column: str
    condition: Condition = Condition.LIVE
    until: int | None = None
    of: tuple[str, str] | None = None
    part: int = 1
    count: int = 1


SCRIPT: tuple[Step, ...] = (
    Step(2, "reprint", "xinwen", "yaowen", of=("qichuan", "zwyw")),
    Step(2, "reprint", "tangting", "xinwen", of=("qichuan", "zwyw")),
    Step(2, "reprint-datelined", "guangdian", "news", of=("ribao", "paper")),
    Step(2, "reprint-cut", "tangting", "xiangzhen", of=("xinwen", "minsheng")),
    Step(2, "reprint", "wugang", "wgdt", of=("ribao", "paper")),
    Step(2, "figure", "qichuan", "zwyw"),
    Step(2, "typo", "qichuan", "zwyw"),
    Step(2, "document", "qichuan", "tzgg"),
    Step(2, "day", "wangxi", "wxyw"),
    Step(2, "retitled", "wangxi", "wxyw"),
    Step(2, "person", "jiaoyu", "jydt"),
    Step(2, "added", "xueyuan", "xyxw"),
    Step(2, "figure", "xinwen", "yaowen", part=2),
    Step(2, "dropped", "xinwen", "minsheng"),
    Step(2, "moved", "tangting", "xinwen"),
    Step(2, "typo", "tangting", "xinwen"),
    Step(2, "figure", "tangting", "xiangzhen", until=4),
    Step(2, "cell", "wugang", "tzgg"),
    Step(2, "figure", "jiaotong", "gzdt"),
    Step(2, "negation", "chengtang", "tzgg"),
    Step(2, "retitled", "guangdian", "news"),
    Step(3, "withdrawn", "qichuan", "tzgg", Condition.NOT_FOUND, until=4),
    Step(3, "withdrawn", "guangdian", "news", Condition.GONE),
    Step(3, "withdrawn", "wugang", "wgdt", Condition.SOFT_GONE_GBK),
    Step(3, "withdrawn", "wangxi", "gsgg", Condition.SOFT_GONE),
    Step(3, "withdrawn", "chengtang", "xwzx", Condition.SENT_HOME),
    Step(3, "withdrawn", "tangting", "xinwen", Condition.SOFT_GONE),
    Step(3, "hijacked", "xinwen", "minsheng", Condition.HIJACKED, until=4),
    Step(3, "hijacked", "jiaoyu", "jydt", Condition.HIJACKED_CODED, until=4),
    Step(3, "trouble", "wangxi", "wxyw", Condition.BLOCKED, count=5),
    Step(3, "trouble", "guangdian", "news", Condition.CHALLENGED, count=3),
    Step(3, "trouble", "jiaotong", "gzdt", Condition.UNAVAILABLE, count=4),
    Step(3, "figure", "xueyuan", "xyxw"),
    Step(3, "person", "xinwen", "minsheng"),
    Step(3, "reprint", "wangxi", "wxyw", of=("qichuan", "zwyw")),
    Step(4, "shifted", "jiaoyu", "jydt", of=("jiaoyu", "tzgg")),
    Step(4, "redated", "wangxi", "gsgg"),
    Step(4, "redated", "jiaotong", "gzdt"),
    Step(4, "figure", "chengtang", "xwzx"),
    Step(4, "added", "qichuan", "zwyw"),
    Step(4, "reprint-cut", "guangdian", "news", of=("xinwen", "yaowen")),
    Step(6, "figure", "guangdian", "news"),
    Step(6, "day", "wugang", "tzgg"),
    Step(6, "person", "tangting", "xiangzhen"),
    Step(6, "retitled", "xueyuan", "xyxw"),
    Step(6, "dropped", "ribao", "paper"),
    Step(6, "figure", "chengtang", "xwzx"),
    Step(6, "withdrawn", "tangting", "xiangzhen", Condition.NOT_FOUND),
    Step(6, "withdrawn", "ribao", "paper", Condition.NOT_FOUND),
    Step(6, "withdrawn-original", "qichuan", "zwyw", Condition.NOT_FOUND),
    Step(6, "reprint", "xinwen", "yaowen", of=("ribao", "paper")),
)

_EDITS: dict[str, Amend] = {
    "figure": amend.figure,
    "day": amend.day,
    "person": amend.person,
    "document": amend.document,
    "negation": amend.negation,
    "cell": amend.cell,
    "dropped": amend.dropped,
    "moved": amend.moved,
}
_NOTES = {
    "figure": "a figure in the text is corrected",
    "day": "a date in the text is corrected",
    "person": "a name in the text is corrected",
    "document": "a document number in the text is corrected",
    "negation": "a rule is turned into its opposite",
    "cell": "a cell of a table is corrected",
    "dropped": "a paragraph is taken out",
    "moved": "a paragraph goes to the end",
}


class Planner:
    """Plays the script; leaves the articles' states and the list of happenings behind."""

    def __init__(self, seed: int, today: date) -> None:
        self.newsroom = Newsroom(seed, today)
        self.dice = random.Random(f"plan {seed}")
        self.lives = self.newsroom.fill()
        self.happenings: list[Happening] = []
        self._used: set[int] = set()
        self._sources: dict[tuple[str, str], Life] = {}

    def play(self) -> None:
        """Play every step, then the quiet round."""
        acts: dict[str, Callable[[Step], None]] = {
            **dict.fromkeys(_EDITS, self._edit),
            "typo": self._mend,
            "added": self._add,
            "retitled": self._retitle,
            "redated": self._redate,
            "withdrawn": self._withdraw,
            "withdrawn-original": self._withdraw,
            "hijacked": self._hijack,
            "trouble": self._trouble,
            "shifted": self._shift,
            **dict.fromkeys(("reprint", "reprint-datelined", "reprint-cut"), self._reprint),
        }
        for step in SCRIPT:
            acts[step.act](step)
        for key, round_ in REDESIGNS.items():
            site = site_of(key)
            self._tell(round_, site, site.columns[0].path, ChangeKind.REDESIGNED, site.name, note="the whole site")
        self._stir()

    def _stir(self) -> None:
        """Rewrite the source of many pages in the quiet round without changing what they say."""
        for life in self.lives:
            if life.born < QUIET_ROUND and life.live_at(QUIET_ROUND) and self.dice.random() < 0.6:
                markup = self.dice.randint(1, 6)
                for index in range(QUIET_ROUND - 1, ROUNDS):
                    state = life.states[index]
                    assert state is not None
                    life.states[index] = replace(state, markup=markup)

    def _tell(self, round_: int, site: CitySite, path: str, kind: ChangeKind, title: str, **rest: object) -> None:
        self.happenings.append(Happening(round_, site.key, path, kind, title, **rest))  # type: ignore[arg-type]

    def _tell_edit(self, round_: int, life: Life, kind: ChangeKind, edit: Amendment, note: str) -> None:
        self._tell(
            round_, life.site, life.at(round_).path, kind, edit.wording.title, before=edit.before, after=edit.after,
            facts=edit.facts, paragraphs_added=edit.added, paragraphs_removed=edit.removed, note=note,
        )  # fmt: skip

    def _pick(self, step: Step, fits: Callable[[Life], bool] = lambda life: True) -> Life:
        found = [
            life
            for life in self.lives
            if life.site.key == step.site
            and life.born < step.round
            and life.number not in self._used
            and life.live_at(step.round - 1)
            and fits(life)
        ]
        if not found:
            raise ValueError(f"no article fits {step}")
        found = [life for life in found if life.column.key == step.column] or found
        life = self.dice.choice(found)
        self._used.add(life.number)
        return life

    def _edit(self, step: Step) -> None:
        chance = self.dice.randint(0, 1 << 30)

        def edit(life: Life) -> Amendment | None:
            for attempt in range(12):
                edited = _EDITS[step.act](life.at(step.round).wording, random.Random(chance + attempt))
                if edited and _part(life, edited) == step.part:
                    return edited
            return None

        life = self._pick(step, lambda candidate: edit(candidate) is not None)
        made, before = edit(life), life.at(step.round).wording
        assert made is not None
        life.change(step.round, wording=made.wording)
        self._tell_edit(step.round, life, ChangeKind.EDITED, made, _NOTES[step.act])
        if step.until:
            back = Amendment(before, made.after, made.before, _turned(made.facts))
            life.change(step.until, wording=before)
            self._tell_edit(step.until, life, ChangeKind.EDITED, back, "an edit is undone: as it stood at first")

    def _mend(self, step: Step) -> None:
        life = self._pick(step, lambda each: amend.misspelt(each.at(step.round).wording, self.dice) is not None)
        right = life.at(step.round).wording
        slip = amend.misspelt(right, self.dice)
        assert slip is not None
        for index in range(life.born - 1, step.round - 1):
            life.states[index] = replace(life.at(index + 1), wording=slip.wording)
        life.change(step.round)
        self._tell_edit(
            step.round,
            life,
            ChangeKind.EDITED,
            Amendment(right, slip.after, slip.before),
            "a wrong character is mended",
        )

    def _add(self, step: Step) -> None:
        def edit(life: Life, sentence: str) -> Amendment | None:
            return amend.added(life.at(step.round).wording, sentence, random.Random(life.number))

        life = self._pick(step, lambda each: edit(each, "") is not None)
        made = edit(life, self.newsroom.writer.sentence(life.draft.setting))
        assert made is not None
        life.change(step.round, wording=made.wording)
        self._tell_edit(step.round, life, ChangeKind.EDITED, made, "a paragraph is put in")

    def _retitle(self, step: Step) -> None:
        life = self._pick(step, _can_be_reworded)
        made = amend.retitled(life.at(step.round).wording, self.dice)
        assert made is not None
        life.change(step.round, wording=made.wording)
        self._tell_edit(step.round, life, ChangeKind.RETITLED, made, "another headline over the same text")

    def _redate(self, step: Step) -> None:
        life = self._pick(step)
        made = amend.redated(life.at(step.round).wording, -self.dice.randint(5, 9))
        life.change(step.round, wording=made.wording)
        self._tell_edit(step.round, life, ChangeKind.REDATED, made, "the printed date is put back")

    def _withdraw(self, step: Step) -> None:
        original = step.act == "withdrawn-original"
        life = self._sources[step.site, step.column] if original else self._pick(step)
        state = life.at(step.round)
        how = "soft-404" if step.condition is Condition.SOFT_GONE_GBK else str(step.condition)
        note = "the original of reprints that stay" if original else "taken down"
        life.change(step.round, condition=step.condition)
        self._tell(step.round, life.site, state.path, ChangeKind.REMOVED, state.wording.title, how=how, note=note)
        if step.until:
            self._restore(life, step.until, "back as it was")

    def _hijack(self, step: Step) -> None:
        life = self._pick(step)
        state = life.at(step.round)
        life.change(step.round, condition=step.condition)
        note = "spam in title, labels and hidden links"
        self._tell(step.round, life.site, state.path, ChangeKind.TAMPERED, state.wording.title, note=note)
        if step.until:
            self._restore(life, step.until, "the spam is cleaned away")

    def _restore(self, life: Life, round_: int, note: str) -> None:
        life.change(round_, condition=Condition.LIVE)
        state = life.at(round_)
        self._tell(round_, life.site, state.path, ChangeKind.RESTORED, state.wording.title, note=note)

    def _trouble(self, step: Step) -> None:
        for _ in range(step.count):
            self._pick(step).pass_through(step.round, step.condition)

    def _shift(self, step: Step) -> None:
        assert step.of is not None
        life = self._pick(step)
        old, column = life.at(step.round), life.site.column(step.of[1])
        path = system_of(life.site).article_path(column, life.number, old.wording.day)
        life.change(step.round, column=column.key, path=path, former=old.path)
        self._tell(
            step.round, life.site, old.path, ChangeKind.MOVED, old.wording.title, to_path=path, note="to another column"
        )

    def _reprint(self, step: Step) -> None:
        assert step.of is not None
        from_site = replace(step, site=step.of[0], column=step.of[1])
        original = self._sources.get(step.of) or self._pick(from_site, _a_story)
        if step.of == ("qichuan", "zwyw"):
            self._sources[step.of] = original
        site = site_of(step.site)
        life = Life(site, site.column(step.column), self.newsroom.next_number(site), step.round, original.draft)
        life.reprint_of = (original.site.key, original.at(1).path)
        told = original.at(step.round)
        wording = amend.lightly_cut(told.wording) if step.act == "reprint-cut" else told.wording
        if step.act == "reprint-datelined":
            opening = f"{site.publisher}消息 据{original.site.name}报道："
            lead = replace(wording.blocks[0], text=opening + wording.blocks[0].text)
            title = amend.reworded(wording.title) or wording.title
            wording = replace(wording, blocks=(lead, *wording.blocks[1:]), title=title)
        day, clock = round_day(self.newsroom.today, step.round), self.newsroom.clock(site)
        life.begin(replace(wording, day=day, clock=clock, source=original.site.publisher, editor=None, files=()))
        self.lives.append(life)
        self._used.add(life.number)


def _a_story(life: Life) -> bool:
    """Whether it is long enough that a copy of it can be told by its text, and the site's own from the first round."""
    blocks = life.at(life.born).wording.blocks
    return life.born == 1 and len(blocks) >= 5 and all(block.form is not Form.ROW for block in blocks)


def _can_be_reworded(life: Life) -> bool:
    return amend.reworded(life.at(life.born).wording.title) is not None


def _part(life: Life, edit: Amendment) -> int:
    """The page of its article on which an edit falls."""
    return part_of(life.site, edit.wording, edit.where or 0)


def part_of(site: CitySite, wording: Wording, where: int) -> int:
    """The page (from 1) on which a paragraph of an article stands."""
    size = system_of(site).blocks_per_part
    return where // size + 1 if size and parts_of(site, wording) > 1 else 1


def parts_of(site: CitySite, wording: Wording) -> int:
    """Over how many pages an article runs: a rest of one or two paragraphs does not open a page."""
    size = system_of(site).blocks_per_part
    return 1 if not size or len(wording.blocks) < size + 3 else -(-len(wording.blocks) // size)


def _turned(facts: Facts) -> Facts:
    """The same facts told backwards."""
    return Facts(numbers=tuple((after, before) for before, after in facts.numbers))
