"""Printed dates: every form reads back exactly as precise as it is, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.extraction.dates import PrintedDate, date_in_address, find_dates, first_date, iso
from storage.records import CHINA

NOW = datetime(2026, 11, 20, 9, 0, tzinfo=CHINA)
WIDE = str.maketrans("0123456789:-/.", "０１２３４５６７８９：－／．")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("2021年4月25日", "2021-04-25"),
        ("2021年04月25日", "2021-04-25"),
        ("2021年4月25号", "2021-04-25"),
        ("2021 年 4 月 25 日", "2021-04-25"),
        ("２０２１年４月２５日", "2021-04-25"),
        ("二〇二一年四月二十五日", "2021-04-25"),
        ("二○二一年四月廿五日", "2021-04-25"),
        ("二零二一年十二月三十一日", "2021-12-31"),
        ("二Ｏ二一年十月十日", "2021-10-10"),
        ("二OO九年元月五日", "2009-01-05"),
        ("2021-04-25", "2021-04-25"),
        ("2021-4-5", "2021-04-05"),
        ("2021/4/25", "2021-04-25"),
        ("2021.04.25", "2021-04-25"),
        ("20210425", "2021-04-25"),
        ("2021年04月25日 08:16", "2021-04-25T08:16:00+08:00"),
        ("2021年4月25日08:16:07", "2021-04-25T08:16:07+08:00"),
        ("2021年4月25日（星期日）上午9:30", "2021-04-25T09:30:00+08:00"),
        ("2021年4月25日 周日 08时16分", "2021-04-25T08:16:00+08:00"),
        ("2021年4月25日下午3点05分30秒", "2021-04-25T15:05:30+08:00"),
        ("2021年4月25日晚8时16分", "2021-04-25T20:16:00+08:00"),
        ("2021年4月25日中午12:30", "2021-04-25T12:30:00+08:00"),
        ("2021年4月25日凌晨12:30", "2021-04-25T00:30:00+08:00"),
        ("2021-04-25 08:16:07", "2021-04-25T08:16:07+08:00"),
        ("2021-04-25 08:16:07.0", "2021-04-25T08:16:07+08:00"),
        ("2021-04-25 8:16", "2021-04-25T08:16:00+08:00"),
        ("2021-04-25\n  08:16", "2021-04-25T08:16:00+08:00"),
        ("2021/4/25 8:16:00 PM", "2021-04-25T20:16:00+08:00"),
        ("2021-4-25 下午 8:16:00", "2021-04-25T20:16:00+08:00"),
        ("2021-04-25T08:16:00+08:00", "2021-04-25T08:16:00+08:00"),
        ("2021-04-25T00:16:00Z", "2021-04-25T08:16:00+08:00"),
        ("2021-04-25T20:16:00.000+0000", "2021-04-26T04:16:00+08:00"),
        ("2021-04-25T08:16:00-05:00", "2021-04-25T21:16:00+08:00"),
        ("２０２１－０４－２５　０８：１６", "2021-04-25T08:16:00+08:00"),
    ],
)
def test_a_printed_date_is_read_as_precise_as_it_is(printed: str, expected: str) -> None:
    expected_date = PrintedDate(expected, 4, 4 + len(printed), has_time="T" in expected)

    assert find_dates(f"时间： {printed} 来源：娄底日报", NOW) == [expected_date]
    assert iso(printed, NOW) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "3天前",
        "昨天 08:16",
        "4月25日",
        "2021年4月",
        "2021年",
        "版权所有 2020-2026 市人民政府",
        "2021-13-40",
        "2021年2月30日",
        "2021-02-29",
        "2021.04.25.3",
        "1989-12-31",
        "2028年1月1日",
        "农历二〇二一年三月十四日",
        "电话：0738-2021-0425",
        "电话：20210425",
        "索引号：20210425",
        "证书编号 20210425",
        "第20210425号",
        "x20210425y",
        "430101199004251234",
        "2021-04-25-001",
        "GB-2021-04-25",
        "图2021/04/25/1.jpg",
        "2021-04.25",
        "2021年4月25个项目",
        "http://a.cn/2021/04/25/x.html",
        "12021-04-251",
        "一九二〇二一年四月五日",
    ],
)
def test_what_is_no_whole_date_is_none(text: str) -> None:
    assert find_dates(text, NOW) == []
    assert first_date(text, NOW) is None
    assert iso(text, NOW) is None


@pytest.mark.parametrize(
    ("printed", "day_ends"),
    [
        ("2021-04-25 25:61", 10),
        ("2021-04-25 24:00", 10),
        ("2021-04-25 1:2:3:4", 10),
        ("2021-04-25 晚上12:00", 10),
        ("2021-04-25 上午15:30", 10),
        ("2021年4月25日8时", 10),
        ("2021年4月25日3:1", 10),
        ("2021-04-25 123:456", 10),
        ("2021-04-25 点击：19872", 10),
    ],
)
def test_what_is_no_clock_time_leaves_the_day(printed: str, day_ends: int) -> None:
    assert find_dates(printed, NOW) == [PrintedDate("2021-04-25", 0, day_ends, has_time=False)]


def test_a_span_of_hours_is_no_zone() -> None:
    assert first_date("2021-04-25 08:16-09:30", NOW) == "2021-04-25T08:16:00+08:00"


def test_a_zone_that_cannot_be_is_none() -> None:
    assert first_date("2021-04-25T08:16:00+99:00", NOW) == "2021-04-25T08:16:00+08:00"
    assert [each.iso for each in find_dates("2021-04-25 08:16 +2021-04-26", NOW)] == [
        "2021-04-25T08:16:00+08:00",
        "2021-04-26",
    ]


def test_the_dates_of_a_text_come_in_order() -> None:
    text = "2021-12-07 10:30:07 娄底日报，二〇二一年四月二十五日至2021年5月8日，2021.4.25-2021.4.30"

    found = find_dates(text, NOW)

    assert [each.iso for each in found] == [
        "2021-12-07T10:30:07+08:00",
        "2021-04-25",
        "2021-05-08",
        "2021-04-25",
        "2021-04-30",
    ]
    assert text[found[1].start : found[1].end] == "二〇二一年四月二十五日"
    assert first_date(text, NOW) == found[0].iso


def test_a_label_that_prints_two_days_has_no_date_and_one_day_twice_has_the_finer() -> None:
    assert iso("公示期：2021-04-25 至 2021-04-30", NOW) is None
    assert iso("2021-04-25 （2021-04-25 08:16）", NOW) == "2021-04-25T08:16:00+08:00"


def test_a_label_may_be_a_bare_timestamp_but_a_text_may_not() -> None:
    assert iso(" 20210425081607 ", NOW) == "2021-04-25T08:16:07+08:00"
    assert iso("20211325081607", NOW) is None
    assert find_dates("流水号 20210425081607", NOW) == []


def test_the_last_possible_year_is_the_one_after_now_in_china() -> None:
    new_year_in_china = datetime(2026, 12, 31, 16, 30, tzinfo=UTC)

    assert first_date("2027-01-01", NOW) == "2027-01-01"
    assert first_date("2028-01-01", NOW) is None
    assert first_date("2028-01-01", new_year_in_china) == "2028-01-01"


def test_without_now_the_clock_decides() -> None:
    today = datetime.now(CHINA)

    assert first_date(f"{today.year}年1月1日") == f"{today.year}-01-01"
    assert first_date(f"{today.year + 5}年1月1日") is None


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("http://x.gov.cn/xwzx/202104/t20210425_123.html", "2021-04-25"),
        ("http://x.gov.cn/2021/1207/84213.html", "2021-12-07"),
        ("/art/2021/5/8/art_1229_58.html", "2021-05-08"),
        ("http://x.cn/html/2018-09/10/content_12.htm", "2018-09-10"),
        ("http://x.cn/pc/content/202104/25/content_1.html", "2021-04-25"),
        ("http://x.edu.cn/2017/1017/c8955a104083/page.htm", "2017-10-17"),
        ("http://x.cn/a/xinwen/20210425/12.html", "2021-04-25"),
        ("http://x.cn/2021-04-25/doc-1.shtml", "2021-04-25"),
        ("http://x.cn/20210425081607.html", "2021-04-25"),
        ("http://x.cn/c/20210425/u1ai20061852.html", "2021-04-25"),
        ("http://x.cn/202104/1234.html", "2021-04"),
        ("http://x.cn/202104/25.html", "2021-04"),
        ("http://x.cn/2021/12/345.html", "2021-12"),
        ("/site/c100186/202609/0123456789abcdef0123456789abcdef.shtml", "2026-09"),
        ("http://x.cn/info/1003/1002.htm", None),
        ("http://x.cn/content/post_20211212.html", None),
        ("http://x.cn/202113/1.html", None),
        ("http://x.cn/2021/1307/1.html", None),
        ("http://x.cn/203001/1.html", None),
        ("http://x.cn/19891231/1.html", None),
        ("http://2021-04-25.cn/a.html?day=2021-04-25", None),
        ("http://x.cn/1202104255/1.html", None),
        ("http://[x.cn/202104/1.html", None),
        ("", None),
    ],
)
def test_the_date_that_an_address_carries(address: str, expected: str | None) -> None:
    assert date_in_address(address, NOW) == expected


def numeral(number: int) -> str:
    tens, units = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "一二三"[tens - 1] + "十") + "〇一二三四五六七八九"[units] * (
        units > 0
    )


def numeral_year(year: int, zero: str) -> str:
    return "".join((zero, *"一二三四五六七八九")[int(digit)] for digit in str(year))


DAY_FORMS: dict[str, Callable[[date], str]] = {
    "digits": lambda d: f"{d.year}年{d.month}月{d.day}日",
    "padded": lambda d: f"{d:%Y年%m月%d日}",
    "wide": lambda d: f"{d:%Y年%m月%d日}".translate(WIDE),
    "numerals": lambda d: f"{numeral_year(d.year, '〇')}年{numeral(d.month)}月{numeral(d.day)}日",
    "circles": lambda d: f"{numeral_year(d.year, '○')}年{numeral(d.month)}月{numeral(d.day)}日",
    "zeros": lambda d: f"{numeral_year(d.year, '零')}年{numeral(d.month)}月{numeral(d.day)}日",
    "hyphens": lambda d: d.isoformat(),
    "short": lambda d: f"{d.year}-{d.month}-{d.day}",
    "slashes": lambda d: f"{d.year}/{d.month}/{d.day}",
    "points": lambda d: f"{d:%Y.%m.%d}",
    "wide hyphens": lambda d: d.isoformat().translate(WIDE),
    "compact": lambda d: f"{d:%Y%m%d}",
}
CLOCK_FORMS: dict[str, Callable[[datetime], str]] = {
    "minutes": lambda m: f" {m:%H:%M}",
    "seconds": lambda m: f" {m:%H:%M:%S}",
    "short": lambda m: f"  {m.hour}:{m:%M}",
    "wide": lambda m: f"　{m:%H:%M}".translate(WIDE),
    "words": lambda m: f" {m.hour}时{m.minute}分",
    "padded words": lambda m: f" {m:%H时%M分%S秒}",
    "halves": lambda m: (
        f" {'下午' if m.hour > 12 else '凌晨' if m.hour < 6 else ''}{m.hour - 12 * (m.hour > 12)}:{m:%M}"
    ),
}
DAYS = st.dates(date(1990, 1, 1), date(NOW.year + 1, 12, 31))
AROUND = st.sampled_from([("", ""), ("发布时间：", ""), ("（", "）"), ("娄底日报 ", " 邹武雄"), ("[", "]")])


@given(DAYS, st.sampled_from(sorted(DAY_FORMS)), AROUND)
def test_every_day_reads_back_from_every_form(day: date, form: str, around: tuple[str, str]) -> None:
    text = DAY_FORMS[form](day).join(around)

    assert [each.iso for each in find_dates(text, NOW)] == [day.isoformat()]


@given(
    st.builds(datetime.combine, DAYS, st.times()),
    st.sampled_from(sorted(set(DAY_FORMS) - {"compact"})),
    st.sampled_from(sorted(CLOCK_FORMS)),
    AROUND,
)
def test_every_minute_reads_back_from_every_form(
    moment: datetime, day_form: str, clock_form: str, around: tuple[str, str]
) -> None:
    text = (DAY_FORMS[day_form](moment.date()) + CLOCK_FORMS[clock_form](moment)).join(around)
    seconds = moment.second if clock_form in {"seconds", "padded words"} else 0
    expected = moment.replace(second=seconds, microsecond=0, tzinfo=CHINA)

    found = find_dates(text, NOW)

    assert [(each.iso, each.has_time) for each in found] == [(expected.isoformat(), True)]


@given(DAYS)
def test_every_day_reads_back_from_every_address(day: date) -> None:
    forms = (
        "/{:%Y%m}/t{:%Y%m%d}_1.html",
        "/{:%Y/%m%d}/1.html",
        "/{:%Y-%m/%d}/1.htm",
        "/{:%Y/%m/%d}/1.htm",
        "/{:%Y%m%d}/1",
    )

    assert {date_in_address(form.format(day, day), NOW) for form in forms} == {day.isoformat()}


@given(st.text(st.sampled_from("0123456789-/.:年月日时分 上午T二〇一十"), max_size=40))
def test_any_text_gives_possible_dates_inside_it(text: str) -> None:
    end = 0
    for found in find_dates(text, NOW):
        assert end <= found.start
        end = found.end
        at = datetime.fromisoformat(found.iso)
        assert 1990 <= at.year <= NOW.year + 1
        assert 0 <= found.start < found.end <= len(text)
        assert not found.has_time or at.utcoffset() == timedelta(hours=8)
