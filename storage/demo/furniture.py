"""What stands around the text and moves: counters, clocks, weather lines, ranks, friends' links."""

from __future__ import annotations

import random
import zlib
from dataclasses import dataclass
from datetime import date

WEEKDAYS = "一二三四五六日"
_SKIES = ("晴", "多云", "阴", "小雨", "多云转晴", "阵雨", "轻雾", "晴转多云")
FRIENDS = (
    ("栖川市人民政府", "http://www.qichuan.example/"),
    ("栖川日报", "http://epaper.qcrb.example/"),
    ("栖川新闻网", "http://www.qcnews.example/"),
    ("栖事办政务服务", "http://zwfw.qichuan.example/"),
    ("公共资源交易中心", "http://ggzy.qichuan.example/"),
    ("信用栖川", "http://credit.qichuan.example/"),
    ("市图书馆", "http://lib.qichuan.example/"),
    ("栖川气象", "http://tq.qichuan.example/"),
)
"""Names and addresses of other sites; ``.example`` never resolves."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as lists show it; ``clock`` is ``HH:MM:SS`` or ``None``."""

    path: str
    title: str
    day: date
    clock: str | None
    number: int


@dataclass(frozen=True, slots=True)
class Moving:
    """What one visit to one page sees moving."""

    dice: random.Random
    hits: int
    visitors: int
    clock: str
    weather: str

    def some(self, entries: tuple[Entry, ...], count: int) -> list[Entry]:
        """A choice of entries for a rank or a list of related stories."""
        return self.dice.sample(entries, min(count, len(entries)))


def moving(seed: int, site: str, path: str, round_: int, visit: int, day: date) -> Moving:
    """The moving parts for a visit: the same for equal arguments; counters only grow from visit to visit."""
    page = zlib.crc32(f"{seed} {site} {path}".encode())
    dice = random.Random(page * 1_000_003 + round_ * 10_007 + visit)
    minutes = 8 * 60 + (page + visit * 7) % 600
    clock = (
        f"今天是{day.year}年{day.month}月{day.day}日 星期{WEEKDAYS[day.weekday()]} "
        f"{minutes // 60:02d}:{minutes % 60:02d}:{dice.randint(0, 59):02d}"
    )
    low = dice.randint(3, 12)
    air = dice.choice(("优", "良", "轻度污染"))
    weather = f"栖川 {dice.choice(_SKIES)} {low}~{low + dice.randint(4, 9)}℃ 空气质量 {air}"
    return Moving(
        dice,
        hits=120 + page % 2900 + round_ * 41 + visit * 3,
        visitors=1_204_000 + page % 90_000 + round_ * 2_311 + visit * 17,
        clock=clock,
        weather=weather,
    )
