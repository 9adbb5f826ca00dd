"""The forms in which Chinese pages write figures, dates and document numbers, as patterns over reading text.

Own work after the national rules for figures in publications (GB/T 15835) and for document numbers (GB/T 9704). Each
pattern looks at a bounded stretch from any place, so that a row of a million characters takes time in proportion.
"""

from __future__ import annotations

import re
from decimal import Decimal

from monitor.compare.align import HAN, fold

_DIGIT = "〇零一二三四五六七八九"
NUMERAL = f"{_DIGIT}十百千两"
_CAPITAL = "[零壹贰叁肆伍陆柒捌玖][拾佰仟万亿元圆角分](?:[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分]{0,24})整?"
_TO = "[-–—~至到]"
_FIGURE = r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
_MAGNITUDE = r"(?:万亿|千亿|百亿|千万|百万|[万亿百]|千(?![瓦米克]))"
_ROUGHLY = "[余多来几]?"
_LATIN_UNIT = "(?:km|kg|mm|cm|m2|m3|kWh|kW|MW|GB|MB|°C|°F|°)(?![A-Za-z])"
UNIT = (
    f"(?:{_LATIN_UNIT}|个百分点|百分点|个工作日|工作日|个月|个小时|小时|平方公里|平方千米|平方米|立方米|公里|千米|毫米|厘米|"
    "微米|微克|毫克|千克|公斤|公顷|公亩|千瓦时|千瓦|兆瓦|摄氏度|美元|欧元|港元|日元|英镑|人次|车次|架次|班次|场次|家次|户次|"
    "批次|周年|周岁|分钟|秒钟|公升|毫升|日(?=[内均])|"
    "[名人个家场项次件户亩米元吨斤克升年天岁届批支套台辆架艘座栋幢间所处条款章节类种幅份本册页位口只头匹棵株片块层级倍成折路"
    "室楼集部首句字票桌盏盒箱包瓶袋张顶根双对组队班轮站股门例剂针滴分秒厂村镇县市区省国校店桩孔度]|期(?!间)|等(?=[奖功]))"
)
_YEAR = rf"(?:(?<!\d)\d{{4}}|[{_DIGIT}]{{4}})年(?![级薪])"
_MONTH = "(?:(?<!\\d)(?:1[0-2]|0?[1-9])|十[一二]?|(?<![第十])[一二三四五六七八九])月(?!龄)"
_DAY = "(?:(?<!\\d)(?:3[01]|[12]\\d|0?[1-9])|三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])[日号]"
_MONTH_DAY = f"{_MONTH}(?:{_DAY}|份|初|底|末|[上中下]旬)?"
_PART_OF_DAY = "(?:上午|下午|中午|凌晨|早上|早晨|清晨|晚上|晚间|傍晚|晚|早)"
_HOUR = r"(?<!\d)(?:2[0-4]|[01]?\d)"
_HOUR_IN_WORDS = "(?:二十[一二三四]?|十[一二三四五六七八九]?|[零一二三四五六七八九两])"
_TENS = "(?:[二三四五]?十[一二三四五六七八九]?|零?[一二三四五六七八九])"
_CLOCK = (
    rf"(?:{_PART_OF_DAY}?{_HOUR}(?::[0-5]\d(?::[0-5]\d)?(?![\d年月日])|[时点](?:[0-5]?\d分|半|整|许)|时(?![间代期候段]))"
    f"|{_PART_OF_DAY}{_HOUR}点"
    f"|(?:{_PART_OF_DAY}{_HOUR_IN_WORDS}[时点]|{_HOUR_IN_WORDS}[时点](?=[半整钟许]|{_TENS}分))(?:[半整钟许]|{_TENS}分)?)"
)
_QUARTER = "第?[一二三四1-4]季度"
_DATE = (
    f"(?:{_YEAR}(?:{_MONTH_DAY}|度|初|底|末|[上下]半年|{_QUARTER})?|{_MONTH_DAY}"
    r"|(?<![\d.-])\d{4}[-/.](?:1[0-2]|0?[1-9])[-/.](?:3[01]|[12]\d|0?[1-9])(?![\d.-])"
    r"|(?<![\d第])(?:3[01]|[12]\d|0?[1-9])日(?![内均元本报游]))"
)
_WEEKDAY = (
    f"星期[一二三四五六日天]|[本上下每]?周[一二三四五六日](?:(?![{HAN}])|(?=[上下早晚至到]))"
    "|(?<=[一二三四五六][至到])周[一二三四五六日]|[本上下]周(?:[二三四五六日]|一(?![共起直些次个度定]))"
)
_PLAN = r'十[一二三四五]五(?="?(?:期间|时期|规划|以来|末|开局|收官))'
RELATIVE = "[今去明前后]年|[昨今明前后]天|[昨今明当]日|[上本下]月|[上本下]周"
_CODE_YEAR = r"[〔\[(【](?:19|20)\d{2}[〕\])】]"
DOCUMENT = (
    rf"[{HAN}]{{0,8}}{_CODE_YEAR}第?\d+号|{_CODE_YEAR}[{HAN}]\d*[{HAN}]{{1,20}}\d+号"
    r"|(?:19|20)\d{2}年第\d+号|第\d+号(?:令|公告|通告)|(?:令|公告|通告)第\d+号"
)
DATE = (
    rf"(?<!\d)\d{{4}}{_TO}\d{{4}}年|{_DATE}|{_CLOCK}"
    rf"|\d{{2}}世纪(?:\d0年代)?|(?<!\d)\d0年代|{_QUARTER}|[上下]半年|{_WEEKDAY}|{_PLAN}|{RELATIVE}"
)
CODE = (
    rf"https?://[^\s{HAN},。;)]+|(?<![A-Za-z0-9_.+-])[A-Za-z0-9_.+-]+@[\w-]{{1,60}}\.[\w.]+"
    rf"|(?<![A-Za-z])[A-Za-z]+-?(?!{_FIGURE}(?:[%‰]|{_MAGNITUDE}|个百分点))\d[A-Za-z0-9-]*(?:\.\d+)?|\d+(?!{_LATIN_UNIT})[A-Za-z][A-Za-z0-9-]*"
)
"""Addresses and names of letters and figures (PM2.5, G60), which are words; GDP3.5万亿 is a name and a figure."""
_SHARE = "%|‰|°C|°|度|摄氏度|个?百分点"
NUMBER = (
    rf"百分之(?:{_FIGURE}|[{NUMERAL}点]{{1,24}})|[{NUMERAL}\d]{{1,24}}分之[{NUMERAL}\d]{{1,24}}"
    rf"|第(?:\d+|[{NUMERAL}]{{1,24}}){UNIT}?"
    rf"|\d{{3,4}}-\d{{7,8}}(?!\d)|(?<![\d:.])\d{{1,3}}:\d{{1,3}}(?![\d:.%年月日时点分]|{UNIT})"
    rf"|(?:(?<=[{HAN}])(?<![日号月年元])|(?<=[,、:(~]))-{_FIGURE}(?:(?:{_SHARE})?{_TO}-?{_FIGURE})?(?:{_SHARE})"
    rf"|(?:{_FIGURE}(?:[%‰]|{_MAGNITUDE}|{UNIT})?{_TO})?{_FIGURE}"
    rf"(?:[%‰]|{_ROUGHLY}{_MAGNITUDE}{_ROUGHLY}|{_ROUGHLY}{UNIT})?"
    rf"|{_CAPITAL}"
    rf"|(?!十分[^之]|百分)[{NUMERAL}]{{1,24}}(?:点[{NUMERAL}]{{1,24}})?{_ROUGHLY}(?:[万亿]+{_ROUGHLY}|{UNIT})"
)

_CAPITALS = str.maketrans("零壹贰叁肆伍陆柒捌玖拾佰仟两圆", "〇一二三四五六七八九十百千二元")
_VALUES = {char: value for value, char in enumerate("〇一二三四五六七八九")}
_RANKS = {"十": 10, "百": 100, "千": 1000}
_IN_WORDS = re.compile("[〇一二三四五六七八九十百千]+")
_PERCENT = re.compile(r"%([\d.]+)")
_POINT = re.compile(r"(?<=\d)点(?=\d)")
_AMOUNT = re.compile(
    rf"(?<![\d.:-])(\d+(?:\.\d+)?)(?:({_MAGNITUDE})({_ROUGHLY})|(?<=\d)(?=[%‰]|(?![条款章节版号期]){UNIT}))"
)
"""A figure that is an amount by what stands behind it; 9.30 may be a day, and 1.10 a section."""
_TIMES = {"百": 2, "千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8, "百亿": 10, "千亿": 11, "万亿": 12}
_PLAIN_DAY = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_GROUPED = re.compile(r"(?<=\d),(?=\d{3})")
_NOUGHTS = re.compile(r"(?<![\d.:])0+(?=\d)")


def value_of(text: str) -> str:
    """What a figure or date says, however it is written.

    二〇二一年四月八日, 2021-04-08 and 2021年4月8号 are one, as are 4.2万 and 42,000, or 12.0亿 and 12亿.
    """
    plain = _IN_WORDS.sub(_in_figures, fold(text).translate(_CAPITALS).replace("百分之", "%"))
    plain = _PERCENT.sub(r"\1%", _POINT.sub(".", _GROUPED.sub("", plain)))
    plain = _AMOUNT.sub(_as_amount, plain)
    plain = _PLAIN_DAY.sub(r"\1年\2月\3日", plain)
    return _NOUGHTS.sub("", re.sub(r"(?<=\d)号$", "日", plain) if "月" in plain else plain)


def _as_amount(match: re.Match[str]) -> str:
    """4.2万 as 42000, 12.0 as 12: without its magnitude, and without noughts behind its last figure."""
    amount = Decimal(match[1]).scaleb(_TIMES.get(match[2] or "", 0))
    plain = f"{amount:f}"
    return (plain.rstrip("0").rstrip(".") if "." in plain else plain) + (match[3] or "")


def _in_figures(match: re.Match[str]) -> str:
    """三百二十 as 320, 二〇二一 as 2021; what is no number so written (十四五) as it stands."""
    said = match.group()
    if _RANKS.keys().isdisjoint(said):
        return "".join(str(_VALUES[char]) for char in said)
    total, digit = 0, 0
    for before, char in zip(" " + said, said, strict=False):
        if digit and char in _VALUES and before in _VALUES:
            return said
        if char in _RANKS:
            total, digit = total + (digit or 1) * _RANKS[char], 0
        else:
            digit = _VALUES[char]
    return str(total + digit)
