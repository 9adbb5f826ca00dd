"""Printed Chinese dates and times as ISO text, exactly as precise as printed, in China time.

Nothing is guessed: a day without its year, a relative day (3天前), a range of years or an impossible date is no date.
Years from 1990 (no Chinese page is older) to the one after ``now`` are possible; ``now`` is the clock's unless given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import lru_cache
from urllib.parse import urlsplit

from storage.records import CHINA

EARLIEST_YEAR = 1990

_FULL_WIDTH = str.maketrans("０１２３４５６７８９：／－．\u3000\u00a0", "0123456789:/-.  ")
"""One for one, so that places in the text stay what they are."""
_WIDE = re.compile(f"[{''.join(map(chr, _FULL_WIDTH))}]")

_LONGEST_REMEMBERED = 200
_SIGN_OF_A_YEAR = re.compile(r"[1１2２][9９0０]\d\d|年")
"""What every printed date has; most lines have none, and are looked at no further."""

_YEAR = r"(?P<y>(?:19|20)\d\d)"
_HAN_YEAR = r"(?<![〇○零一二三四五六七八九十])(?P<hy>[〇○零ＯO0一二三四五六七八九]{4})"
_HAN_NUMBER = "[一二三四五六七八九十廿卅元]{1,3}"

_YEAR_MONTH_DAY = re.compile(
    rf"(?:(?<!\d){_YEAR}|{_HAN_YEAR})\s?年\s?(?P<m>\d{{1,2}}|{_HAN_NUMBER})\s?月\s?(?P<d>\d{{1,2}}|{_HAN_NUMBER})"
    r"(?:\s?[日号]|(?![\d\u4e00-\u9fff]))"
)
_SEPARATED = re.compile(
    rf"(?<![\dA-Za-z/]){_YEAR}(?P<s>[-/.])(?P<m>\d{{1,2}})(?P=s)(?P<d>\d{{1,2}})(?![\d/]|(?P=s)\d(?!\d{{3}}(?P=s)))"
)
_COMPACT = re.compile(rf"(?<![^\s(（\[【:：]){_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?![^\s)）\]】,，;；。])")
_SHORT = re.compile(
    r"(?<![\w./:-])(?P<y>\d\d)(?P<s>[-/.])(?P<m>\d\d)(?P=s)(?P<d>\d\d)(?![\w./:-])|"
    r"(?<!\d)(?P<said>\d\d)年(?P<month>\d{1,2})月(?P<day>\d{1,2})日"
)
_SHORT_PARTS = (("y", "said"), ("m", "month"), ("d", "day"))
_SPLIT = (
    re.compile(
        rf"^{_YEAR}\s?年?\n(?P<m>\d{{1,2}})[-/.月](?P<d>\d{{1,2}})\s?日?(?:\n(?P<clock>\d{{1,2}}:\d\d(?::\d\d)?))?$",
        re.MULTILINE,
    ),
    re.compile(rf"^(?P<d>\d{{1,2}})\s?日?[\n ]?{_YEAR}\s?[-/.年]\s?(?P<m>\d{{1,2}})\s?月?$", re.MULTILINE),
    re.compile(rf"^(?P<m>\d{{1,2}})[-/.月](?P<d>\d{{1,2}})\s?日?\n{_YEAR}\s?年?$", re.MULTILINE),
)
"""A day told in parts, as date tiles set it: each part is all of its line."""
_TIMESTAMP = re.compile(r"\d{14}")

_INSIDE_NUMBER = re.compile(r"[0-9A-Za-z][-./]\Z")
_NUMBER_LABEL = re.compile(r"(?:号|码|电话|传真|热线|ID|No)[.:：\s]{0,3}\Z", re.IGNORECASE)
"""What stands before eight digits that number a thing, whatever date they could be."""

_LUNAR = re.compile(r"(?:农历|阴历|夏历)\s?\Z")

_CLOCK = re.compile(
    r"(?:\s{0,3}[(（]?(?:星期|周)[一二三四五六日天][)）]?)?"
    r"(?:(?P<t>T)|[\s,，]{0,4})"
    r"(?P<half>上午|下午|中午|凌晨|早上|晚上|傍晚|早|晚|[AP]M)?\s{0,2}"
    r"(?P<H>\d{1,2})(?:\s?:\s?|\s?[时点]\s?)(?P<M>\d{2}|\d(?=\s?分))(?!\d)"
    r"(?:\s?分|(?=\D|\Z))(?:(?:(?<=分)\s?|:)(?:(?P<S>\d{1,2})(?!\d)(?:\.\d{1,9})?(?:\s?秒)?|(?P<S_glued>\d\d)(?=\d{1,3}[\u3400-\u9fff])))?"
    r"(?(S_glued)|(?![:\d]))"
    r"(?:\s?(?P<half_behind>[AP]M)(?![A-Z]))?"
    r"(?P<zone>\s?Z(?![A-Z])|\s?\+(?:0\d|1[0-4]):?[0-5]\d(?!\d)|(?(t)-(?:0\d|1[0-2]):?[0-5]\d(?!\d)|(?!)))?",
    re.IGNORECASE,
)
"""A clock time right behind its day; a zone west of Greenwich only behind ``T``: else ``08:16-09:30`` is a span."""

_MORNING = frozenset({"上午", "早上", "早"})
_NIGHT = frozenset({"凌晨", "am"})
_AFTERNOON = frozenset({"下午", "傍晚", "pm"})
_EVENING = frozenset({"晚上", "晚"})

_ADDRESS_DAYS = (
    re.compile(r"/t((?:19|20)\d\d)(\d\d)(\d\d)_\d"),
    re.compile(r"/((?:19|20)\d\d)/(\d{1,2})/(\d{1,2})/"),
    re.compile(r"/((?:19|20)\d\d)-(\d{1,2})-(\d{1,2})[/_.]"),
    re.compile(r"/((?:19|20)\d\d)-?(\d\d)/(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)/?(\d\d)(\d\d)/"),
    re.compile(r"/((?:19|20)\d\d)(\d\d)(\d\d)(?:\d{6})?[_.-]"),
)
"""TRS files (t20210425_123), /2021/5/8/, /2018-09-10/, /2018-09/10/ and /202109/10/, /2021/1207/ and /20210425/, files
named by their day or second. A number below a month's folder is a file, not a day."""

_ADDRESS_MONTH = re.compile(r"/((?:19|20)\d\d)[-/]?(?:(?<=[-/])(\d)|(\d\d))/")


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date as a text prints it: ``2021-12-07``, or ``2021-12-07T10:30:07+08:00`` where a clock time follows.

    ``start`` and ``end`` span it in the text, its time included.
    """

    iso: str
    start: int
    end: int
    has_time: bool


def find_dates(text: str, now: datetime | None = None) -> list[PrintedDate]:
    """All dates that a text prints with year, month and day, in order."""
    if _SIGN_OF_A_YEAR.search(text) is None:
        return []
    find = _dates_of_short if len(text) <= _LONGEST_REMEMBERED else _dates
    return list(find(text, _last_year(now)))


def _dates(text: str, last_year: int) -> tuple[PrintedDate, ...]:
    plain = text.translate(_FULL_WIDTH) if _WIDE.search(text) else text
    found: list[PrintedDate] = []
    end = 0
    for match in sorted(_candidates(plain), key=re.Match.start):
        day = _day(match, last_year)
        if day is None or not _stands_alone(match, end):
            continue
        printed = _with_clock(plain, match, day)
        found.append(printed)
        end = printed.end
    return tuple(found)


_dates_of_short = lru_cache(maxsize=4096)(_dates)
"""A byline is asked for its dates by everyone who looks at the lines around it."""


def short_date(text: str, now: datetime | None = None) -> str | None:
    """The day of a byline that prints its year in two digits (``| 21-04-25 |``, ``21年4月25日``).

    Year first, as everywhere in China. Only for lines known to be a byline: elsewhere such figures are a span, a score
    or a telephone number.
    """
    for match in _SHORT.finditer(text.translate(_FULL_WIDTH)):
        year, month, number = (int(match[one] or match[other]) for one, other in _SHORT_PARTS)
        day = _calendar_day(2000 + year, month, number, _last_year(now) - 1)
        if day:
            return day.isoformat()
    return None


def split_date(lines: Sequence[str], now: datetime | None = None) -> str | None:
    """The date that lines of a byline tell in parts, as ISO text: 2021 / 04/25 / 08:16, or 25 over 2021年04月.

    Only for lines beside a headline; ``None`` where no such lines follow each other.
    """
    text = "\n".join(line.strip() for line in lines).translate(_FULL_WIDTH)
    match = next((found for pattern in _SPLIT if (found := pattern.search(text))), None)
    if match is None:
        return None
    clock = match.groupdict().get("clock") or ""
    return first_date(f"{match['y']}-{match['m']}-{match['d']} {clock}".strip(), now)


def first_date(text: str, now: datetime | None = None) -> str | None:
    """The first date that a text prints, as ISO text; ``None`` if it prints none."""
    return next((printed.iso for printed in find_dates(text, now)), None)


def iso(text: str, now: datetime | None = None) -> str | None:
    """The one date that a label's value (``PubDate``, ``发布时间：…``) prints, as ISO text.

    ``None`` where it prints none, or several days: a span is no date of publication.
    """
    value = text.translate(_FULL_WIDTH).strip()
    if _TIMESTAMP.fullmatch(value):
        value = f"{value[:4]}-{value[4:6]}-{value[6:8]} {value[8:10]}:{value[10:12]}:{value[12:]}"
    printed = find_dates(value, now)
    if len({each.iso[:10] for each in printed}) != 1:
        return None
    return max(printed, key=lambda each: each.has_time).iso


def date_in_address(url: str, now: datetime | None = None) -> str | None:
    """The date that an article's address carries: ``2021-04-25``, or ``2021-04`` where it names a month's folder alone.

    Only the path is read; an address that cannot be parsed carries no date.
    """
    try:
        path = urlsplit(url).path
    except ValueError:
        return None
    last_year = _last_year(now)
    for pattern in _ADDRESS_DAYS:
        for match in pattern.finditer(path):
            day = _calendar_day(int(match[1]), int(match[2]), int(match[3]), last_year)
            if day is not None:
                return day.isoformat()
    for match in _ADDRESS_MONTH.finditer(path):
        month = _calendar_day(int(match[1]), int(match[2] or match[3]), 1, last_year)
        if month is not None:
            return f"{month:%Y-%m}"
    return None


def _last_year(now: datetime | None) -> int:
    return (now or datetime.now(CHINA)).astimezone(CHINA).year + 1


def _candidates(plain: str) -> Iterator[re.Match[str]]:
    if "年" in plain:
        yield from _YEAR_MONTH_DAY.finditer(plain)
    yield from _SEPARATED.finditer(plain)
    yield from _COMPACT.finditer(plain)


def _day(match: re.Match[str], last_year: int) -> date | None:
    parts = match.groupdict()
    year = int(parts["y"]) if parts["y"] else _han_year(parts["hy"])
    return _calendar_day(year, _number(parts["m"]), _number(parts["d"]), last_year)


def _calendar_day(year: int, month: int, day: int, last_year: int) -> date | None:
    if not EARLIEST_YEAR <= year <= last_year:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _han_year(printed: str) -> int:
    return int("".join(str(max(0, "一二三四五六七八九".find(digit) + 1)) for digit in printed))


def _number(printed: str) -> int:
    """A month or day in digits, or in Han numerals up to 卅一 or 三十一; 0 for what is none. 元月 is January."""
    if printed.isdecimal():
        return int(printed)
    tens, ten, units = printed.replace("廿", "二十").replace("卅", "三十").rpartition("十")
    values = [
        "一二三四五六七八九".find(part.replace("元", "一")) + 1 if len(part) == 1 else 0 for part in (tens, units)
    ]
    if any(part and not value for part, value in zip((tens, units), values, strict=True)):
        return 0
    return (values[0] or 1) * 10 + values[1] if ten else values[1]


def _stands_alone(match: re.Match[str], previous_end: int) -> bool:
    """Whether a match is neither part of a longer number, nor the number of a thing, nor a day of the old calendar."""
    before = match.string[max(0, match.start() - 8) : match.start()]
    if match.re is _YEAR_MONTH_DAY:
        return _LUNAR.search(before) is None
    if match.re is _COMPACT:
        return _NUMBER_LABEL.search(before) is None
    ends_a_span = previous_end > 0 and match.start() == previous_end + 1
    return ends_a_span or _INSIDE_NUMBER.search(before) is None


def _with_clock(plain: str, match: re.Match[str], day: date) -> PrintedDate:
    clock = _CLOCK.match(plain, match.end())
    moment = _clock_time(clock) if clock else None
    if clock is None or moment is None:
        return PrintedDate(day.isoformat(), match.start(), match.end(), has_time=False)
    at = datetime.combine(day, moment, _zone(clock["zone"])).astimezone(CHINA)
    return PrintedDate(at.isoformat(), match.start(), clock.end(), has_time=True)


def _clock_time(clock: re.Match[str]) -> time | None:
    """The time of day; ``None`` where it cannot be, or where its half of the day leaves it open (晚上12:00)."""
    hour = _hour(int(clock["H"]), (clock["half"] or clock["half_behind"] or "").lower())
    if hour is None:
        return None
    try:
        return time(hour, int(clock["M"]), int(clock["S"] or clock["S_glued"] or 0))
    except ValueError:
        return None


def _hour(printed: int, half: str) -> int | None:
    if half in _NIGHT and printed == 12:
        return 0
    if half in _AFTERNOON | _EVENING and printed < 12:
        return printed + 12
    if half == "中午" and printed < 4:
        return printed + 12
    impossible = (half in _MORNING | _NIGHT and printed > 11) or (half in _EVENING and printed == 12)
    return None if impossible else printed


def _zone(printed: str | None) -> timezone:
    """The zone that a time is printed in; China's where none is."""
    if not printed:
        return CHINA
    zone = printed.strip().upper().replace(":", "")
    if zone == "Z":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:]))
    return timezone(-offset if zone[0] == "-" else offset)
