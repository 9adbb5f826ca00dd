"""Composes an article's title and body from the phrasebook: stories, briefs, photo news, notices, tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from storage.demo.phrasebook import Setting, Speaker
from storage.demo.truth import Block, Form

TITLE_LENGTHS = range(12, 41)
"""Characters a title may have, ends included."""

_DRY = ("personnel", "weather")
"""Topics that no colour is added to."""
_ORDINALS = "一二三四五六七八"
_TABLES: dict[int, tuple[str, tuple[str, ...]]] = {
    0: ("序号\t姓名\t报考单位\t岗位代码\t总成绩", ("{person}", "{unit}", "{1001..4899}", "{61.1..89.9}")),
    1: ("序号\t姓名\t住址\t救助类别\t金额（元）", ("{person}", "{hamlet}", "{低保|特困|临时救助}", "{300..4800*10}")),
    2: (
        "序号\t样品名称\t被抽样单位\t抽样量（克）\t结论",
        ("{crop}", "{company}", "{120..980*10}", "{合格|合格|不合格}"),
    ),
    3: ("序号\t户主\t村组\t面积（亩）\t金额（元）", ("{person}", "{village}", "{1.1..28.8}", "{120..4800}")),
    4: ("序号\t地块位置\t受让人\t用途\t成交价（万元）", ("{road}", "{company}", "{住宅|工业|商服}", "{620..18800*10}")),
    5: ("序号\t水源地\t监测点\t取水量（万吨）\t水质类别", ("{river}", "{town}", "{20.1..480.8}", "{Ⅰ类|Ⅱ类|Ⅲ类}")),
}
"""By title frame of ``table.title``: the header row and the frames of a row behind its number."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A composed article before a site gives it a date line, labels and an address; ``setting`` is kept for edits."""

    topic: str
    title: str
    blocks: tuple[Block, ...]
    setting: Setting
    files: tuple[str, ...] = ()


class Writer:
    """Writes drafts, the same ones in the same order for the same seed, and no title twice."""

    def __init__(self, seed: int) -> None:
        self.speaker = Speaker(seed)
        self._titles: set[str] = set()
        self._turn: dict[str, int] = {}

    def compose(self, topic: str, day: date, length: str = "story", given: tuple[tuple[str, str], ...] = ()) -> Draft:
        """A draft on a topic. ``length`` is ``brief``, ``photo``, ``story`` or ``long``; notices have their own.

        ``given`` settles choices beforehand: the district a site reports on, the bureau or school it belongs to.
        """
        turn = self._turn[topic] = self._turn.get(topic, -1) + 1
        title, setting, index = self._title(topic, day, turn % self.speaker.count(f"{topic}.title"), given)
        if topic == "short":
            return Draft(topic, title, self._short(setting, index), setting)
        if topic == "formal":
            name = self.speaker.say("thing", setting)
            return Draft(topic, title, self._formal(setting), setting, (f"{name}申报表.docx",) if turn % 3 else ())
        if topic == "table":
            return Draft(topic, title, self._table(setting, index), setting, ("公示汇总表.xls",) if turn % 2 else ())
        return Draft(topic, title, self._news(topic, setting, length), setting)

    def sentence(self, setting: Setting) -> str:
        """One more sentence that fits a story already told."""
        return self.speaker.say("any.body", setting)

    def _title(self, topic: str, day: date, index: int, given: tuple[tuple[str, str], ...]) -> tuple[str, Setting, int]:
        """A new headline and the index of its frame: the one asked for, or the next that still has something new."""
        size = self.speaker.count(f"{topic}.title")
        for attempt in range(20 * size):
            setting, frame = Setting(day, dict(given)), (index + attempt // 20) % size
            title = self.speaker.say(f"{topic}.title", setting, frame)
            if title not in self._titles and len(title) in TITLE_LENGTHS:
                self._titles.add(title)
                return title, setting, frame
        raise ValueError(f"the list {topic}.title has nothing new to say")

    def _news(self, topic: str, setting: Setting, length: str) -> tuple[Block, ...]:
        say, dice = self.speaker.say, self.speaker.dice
        blocks = [Block(say(f"{topic}.lead", setting))]
        if length == "photo":
            return (Block(say("any.caption", setting), Form.CAPTION), *blocks, Block(say(f"{topic}.body", setting)))
        if length == "brief":
            return (*blocks, Block(say(f"{topic}.body", setting) + say(f"{topic}.body", setting)))
        if dice.random() < 0.2:
            blocks.append(Block(say("any.caption", setting), Form.CAPTION))
        for _ in range(3 if length == "long" else 1):
            if length == "long":
                blocks.append(Block(say("subhead", setting), Form.SUBHEAD))
            blocks.extend(
                Block(self._paragraph(topic, setting)) for _ in range(2 if topic in _DRY else dice.randint(3, 5))
            )
        if dice.random() < 0.6:
            blocks.append(Block(say("any.end", setting)))
        return tuple(blocks)

    def _paragraph(self, topic: str, setting: Setting) -> str:
        dice = self.speaker.dice
        own = 1.0 if topic in _DRY else 0.62
        sources = [f"{topic}.body" if dice.random() < own else "any.body" for _ in range(dice.choice((1, 1, 2, 2, 3)))]
        return "".join(self.speaker.say(source, setting) for source in sources)

    def _short(self, setting: Setting, index: int) -> tuple[Block, ...]:
        return (Block(self.speaker.say("short.text", setting, index)), *self._signed(setting))

    def _formal(self, setting: Setting) -> tuple[Block, ...]:
        say, dice = self.speaker.say, self.speaker.dice
        items = [Block(f"{_ORDINALS[place]}、{say('formal.item', setting)}") for place in range(dice.randint(3, 6))]
        return (Block(say("formal.open", setting)), *items, *self._signed(setting))

    def _table(self, setting: Setting, index: int) -> tuple[Block, ...]:
        header, cells = _TABLES[index]
        rows = [Block(header, Form.ROW)]
        for number in range(1, self.speaker.dice.randint(5, 9)):
            spoken = (self.speaker.phrase(cell, setting) for cell in cells)
            rows.append(Block("\t".join((str(number), *spoken)), Form.ROW))
        say = self.speaker.say
        return (Block(say("table.intro", setting)), *rows, Block(say("table.end", setting)), *self._signed(setting))

    def _signed(self, setting: Setting) -> tuple[Block, ...]:
        office = self.speaker.phrase("{@signer}", setting)
        day = self.speaker.phrase("{date}", setting)
        return (Block(office, Form.SIGNATURE), Block(day, Form.SIGNATURE))
