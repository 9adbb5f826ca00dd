"""What is wrong with a command line, in one line of the reader's language.

The library that reads the arguments says it in English, some of it in the words of the library beneath. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from typer.exceptions import TyperException

from crawler.faults import Lang, Wording, as_is
from monitor.commands.wording import phrase

_FAULTS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (r"No such command '(.*)'\. Did you mean (.+)\?",
         "没有命令 {0};是不是 {1}?", "no command {0}; did you mean {1}?"),
        (r"No such command '(.*)'\.", "没有命令 {0}", "no command {0}"),
        (r"No such option: (\S+) \(Possible options: (.+)\)",
         "没有选项 {0};是不是 {1}?", "no option {0}; did you mean {1}?"),
        (r"No such option: (\S+)(?: Did you mean (\S+)\?)?", "没有选项 {0}", "no option {0}"),
        (r"Missing argument '(.+)'\..*", "缺少参数 {0}", "{0} is missing"),
        (r"Missing option '(.+)'\..*", "缺少选项 {0}", "{0} is missing"),
        (r"Missing command\.", "缺少命令", "name a command"),
        (r"Got unexpected extra argument\(?s?\)? \((.+)\)", "多余的参数 {0}", "too many arguments: {0}"),
        (r"Option '(.+)' requires an? argument\.", "选项 {0} 后面要写内容", "{0} wants something after it"),
        (r"Option '(.+)' does not take a value\.", "选项 {0} 后面不写内容", "{0} takes nothing after it"),
    )
)  # fmt: skip
_VALUE = re.compile(
    r"Invalid value for '(?P<what>[^']+)'(?: / '[^']+')*(?: \(env var: '[^']+'\))?: (?P<why>.+)", re.DOTALL
)
_WHYS: tuple[tuple[re.Pattern[str], str, str], ...] = tuple(
    (re.compile(pattern), zh, en)
    for pattern, zh, en in (
        (r"(?:Value error, )?'(.*)' is not one of (.+?)\.?", "没有 {0},只能是 {1}", "no {0}; there are {1}"),
        (r"Input should be a valid integer.*|'.*' is not a valid int.*", "须是整数", "must be a whole number"),
        (r"Input should be a valid number.*|'.*' is not a valid float.*", "须是数字", "must be a number"),
        (r"Input should be greater than or equal to (\S+)", "不能小于 {0}", "must be at least {0}"),
        (r"Input should be less than or equal to (\S+)", "不能大于 {0}", "must be at most {0}"),
    )
)
_QUOTES: Mapping[int, str] = {ord("'"): ""}


def usage_line(error: TyperException, lang: Lang) -> str:
    """A usage error in one line, with how to get help."""
    context = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "shixun"
    return phrase(lang, "usage-help", usage_fault(error.format_message()).said(lang), command)


def usage_fault(message: str) -> Wording:
    """What the library says, in our words; as it stands where it says something new, on one line."""
    value = _VALUE.fullmatch(message)
    if value is None:
        return _in_words(message, _FAULTS)
    why = _in_words(value["why"], _WHYS)
    return Wording(f"{value['what']}: {why.zh}", f"{value['what']}: {why.en}")


def _in_words(message: str, table: Sequence[tuple[re.Pattern[str], str, str]]) -> Wording:
    for pattern, zh, en in table:
        if told := pattern.fullmatch(message):
            given = [(part or "").translate(_QUOTES) for part in told.groups()]
            return Wording(zh.format(*given), en.format(*given))
    return as_is(" ".join(message.split()))


def spoken(words: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language that a command line asks for, also where it cannot be read; Chinese without."""
    given = [after for option, after in pairwise(words) if option == "--lang"]
    given += [word.partition("=")[2] for word in words if word.startswith("--lang=")]
    wanted = given[0] if given else environment.get("SHIXUN_LANG")
    return "en" if wanted == "en" else "zh"
