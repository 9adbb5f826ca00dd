"""What is wrong with a configuration, in Chinese and English: the one table of these words. Pure.

A fault is known by a key of ours or by pydantic's name for it (``greater_than_equal``); what pydantic may say besides
is told in its own words.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

Lang = Literal["zh", "en"]


class Wording(NamedTuple):
    """One line in both languages."""

    zh: str
    en: str

    def said(self, lang: Lang) -> str:
        """The line in a language."""
        return self.zh if lang == "zh" else self.en


def as_is(text: str) -> Wording:
    """A line that has no other language."""
    return Wording(text, text)


class Fault(Exception):
    """Something that a person must mend, in one line; as text it is English, ``said`` in the reader's language.

    ``where`` is the place that the line begins with, the same in both.
    """

    def __init__(self, what: str | Wording, where: str = "") -> None:
        self.wording = joined(where, what)
        super().__init__(self.wording.en)

    def said(self, lang: Lang) -> str:
        """The line in a language."""
        return self.wording.said(lang)


FAULTS: Mapping[str, Wording] = {
    # The file.
    "no-file": Wording("没有这个文件;`shixun init` 会写一份", "no such file; `shixun init` writes one"),
    "not-utf8": Wording(
        "不是 UTF-8 文本(第 {0} 字节);请另存为 UTF-8", "not UTF-8 text (byte {0}); save it as UTF-8"
    ),
    "unreadable": Wording("读不了:{0}", "cannot be read: {0}"),
    "not-yaml": Wording("不合 YAML 写法:{0}", "not YAML: {0}"),
    "no-mapping": Wording("文件须以 `sites:` 这样的条目写成", "the file must be a mapping that begins with `sites:`"),
    "too-deep": Wording("条目包含它自己,或层次太多", "an entry that holds itself, or too many levels of entries"),
    "odd-key": Wording("键须是一个普通的词", "a key must be a plain word"),
    "twice": Wording("`{0}` 在这里写了两次(先见第 {1} 行)", "`{0}` stands twice here (first in line {1})"),
    # What stands in it.
    "no-sites": Wording("没有 `sites:` 一节", "there is no `sites:` section"),
    "no-site": Wording("没有站点 {0};现有:{1}", "no site {0}; there are: {1}"),
    "must-be-mapping": Wording(
        "须是下设各项的条目,各项缩进写在下面", "must be a mapping, with its entries indented below it"
    ),
    "one-line": Wording("须是一行文字", "must be one line of text"),
    "site-key": Wording(
        "站点的键由字母、数字、- 和 _ 组成,最多 60 个",
        "a site's key is made of letters, digits, - and _, at most 60",
    ),
    "key-inside": Wording(
        "站点的键就是条目的名字,请删去这一行",
        "a site's key is the name of its entry; leave this line out",
    ),
    "columns-list": Wording(
        "须是列表:每行一个网址,前面写 `- `", "must be a list: one address a line, each after `- `"
    ),
    "span": Wording("时长写作数字加单位:30s、15m、2h、14d", "a span of time is a number and a unit: 30s, 15m, 2h, 14d"),
    "span-long": Wording("时长最多十年", "a span of time is at most ten years"),
    "address": Wording("网址以 http:// 或 https:// 开头", "an address begins with http:// or https://"),
    "it-says": Wording("(写的是 {0})", " (it says {0})"),
    "clock": Wording("时刻写作 07:30", "a time of day is written 07:30"),
    "empty-word": Wording("空词处处都有,请写一个词", "an empty word is found everywhere"),
    "host": Wording(
        "主机是域名或地址,不带 http:// 和端口", "a host is a name or an address, without http:// and port"
    ),
    "sender": Wording(
        '发件人写作 desk@example.cn 或 "市讯 <desk@example.cn>"',
        'a sender is written desk@example.cn or "市讯 <desk@example.cn>"',
    ),
    "token": Wording(
        "口令至少 {least} 个字符;可用 `openssl rand -hex 16` 生成",
        "a token has at least {least} characters; `openssl rand -hex 16` makes one",
    ),
    "plain-password": Wording(
        "密码会以明文发送;请用 starttls 或 ssl",
        "a password would be sent for all to read; use starttls or ssl",
    ),
    "subscriber-name": Wording(
        "订阅者的名字由文字、数字、空格、. - 和 _ 组成,最多 60 个",
        "a subscriber's name is made of letters, digits, spaces, . - and _, at most 60",
    ),
    "address-twice": Wording("同一地址写了两次", "the same address stands here twice"),
    "folder-twice": Wording(
        "{0} 已用这个文件夹,一个文件夹只给一位", "that folder is {0}'s: one folder for one subscriber"
    ),
    "no-mail": Wording(
        "没有 `mail:` 一节,不知道由哪台服务器发信",
        "there is no `mail:` section that says by which server mail is sent",
    ),
    "no-hook": Wording(
        "没有聊天服务用这样的地址,或缺了一部分",
        "no chat service has such an address, or a part of it is missing",
    ),
    "open-door": Wording(
        "{0}:凡能连到这个地址的人都能看到全部内容;请设 web.token(至少 16 个字符)",
        "{0}: whoever reaches this address could read everything; set web.token (16 characters at least)",
    ),
    "no-reader": Wording(
        "没有人订 `what: [{0}]`,无人可送",
        "nobody has `what: [{0}]`, so there is nobody to send it to",
    ),
    "mail-address": Wording(
        "邮件地址写作 mail:name@example.org,只用 ASCII,一条一个",
        "a mail address is written mail:name@example.org, in ASCII, one address each",
    ),
    "folder": Wording(
        "文件夹写作 file:名字(在 out/ 之下)或 file:/完整/路径,不含 ..",
        "a folder is written file:NAME (below out/) or file:/a/whole/path, without ..",
    ),
    "reached": Wording(
        "地址以 mail:、file: 或聊天服务开头,如 wecombot://、dingtalk://、feishu://",
        "an address begins with mail:, file: or a chat service such as wecombot://, dingtalk://, feishu://",
    ),
    # What pydantic finds.
    "extra_forbidden": Wording("这里没有这一项;可用:{0}", "is not known here; allowed: {0}"),
    "missing": Wording("没有写", "is missing"),
    "too_short": Wording("至少要有 {min_length} 项", "needs at least {min_length} of them"),
    "string_too_short": Wording("不能为空", "must not be empty"),
    "string_type": Wording("须是一行文字", "must be one line of text"),
    "tuple_type": Wording(
        "须是列表:每行一项,前面写 `- `", "must be a list: one a line, each after `- `"
    ),
    "int_parsing": Wording("须是整数", "must be a whole number"),
    "int_type": Wording("须是整数", "must be a whole number"),
    "int_from_float": Wording("须是整数", "must be a whole number"),
    "int_parsing_size": Wording("数字太大", "is too large a number"),
    "float_parsing": Wording("须是数字", "must be a number"),
    "float_type": Wording("须是数字", "must be a number"),
    "finite_number": Wording("须是数字", "must be a number"),
    "bool_parsing": Wording("须是 yes 或 no", "must be yes or no"),
    "bool_type": Wording("须是 yes 或 no", "must be yes or no"),
    "greater_than": Wording("须大于 {gt}", "must be more than {gt}"),
    "greater_than_equal": Wording("不能小于 {ge}", "must be at least {ge}"),
    "less_than": Wording("须小于 {lt}", "must be less than {lt}"),
    "less_than_equal": Wording("不能大于 {le}", "must be at most {le}"),
    "literal_error": Wording("只能是 {expected} 之一", "must be one of {expected}"),
    "enum": Wording("只能是 {expected} 之一", "must be one of {expected}"),
    "time_delta_type": Wording(
        "时长写作数字加单位:30s、15m、2h、14d", "a span of time is a number and a unit: 30s, 15m, 2h, 14d"
    ),
    # What the command line asks for.
    "address-given": Wording(
        "{0} 不是网址;网址以 http:// 或 https:// 开头",
        "{0} is no address; one begins with http:// or https://",
    ),
    "no-address": Wording("{0}:不是网址:{1}", "{0}: is no address: {1}"),
    "home-taken": Wording("已经有了,没有改动", "already there; nothing was changed"),
    "which-sites": Wording("请写明要抓取的站点,或用 --all", "name the sites to crawl, or --all"),
    "sites-or-all": Wording("写站点或用 --all,不要都写", "name sites or give --all, not both"),
    "nothing-to-crawl": Wording(
        "还没有站点可抓取;请写在 `sites:` 之下", "no sites to crawl yet; add one below `sites:`"
    ),
    "day": Wording(
        "{0} {1}: 日期写作 2026-11-23、today 或 yesterday",
        "{0} {1}: a day is written 2026-11-23, today or yesterday",
    ),
    "moment": Wording(
        "{0} {1}: 写作 2026-11-23、2026-11-23T08:00,或往回数:90m、24h、7d",
        "{0} {1}: write 2026-11-23, 2026-11-23T08:00, or a span back: 90m, 24h, 7d",
    ),
    "too-old": Wording("{0} {1}: 没有这么早的网页", "{0} {1}: no page is that old"),
    "too-new": Wording("{0} {1}: 没有这么晚的网页", "{0} {1}: no page is that new"),
    "day-or-span": Wording(
        "--day 与 --since、--until 只能用一种", "give --day, or --since and --until, not both"
    ),
    "day-or-week": Wording("--day 与 --week 只能用一个", "--day and --week: give one of them"),
    "own-choice": Wording(
        "--send: 按每位订阅者自己的选择发送,请去掉 --site 和 --kind",
        "--send: each subscriber's own choice holds; leave out --site and --kind",
    ),
    "not-begun": Wording("--{0} {1}: 中国时间还没有到这一天", "--{0} {1}: that day has not begun in China"),
    "not-demo": Wording("不是演示用的文件夹,请先移走", "is not a demonstration's folder; move it away first"),
    "key-taken": Wording(
        "已有这个键的站点;请用 --key 另取一个", "there is a site of this key already; choose another with --key"
    ),
    "column-watched": Wording("这个栏目已在看守:{0}", "this column is watched already: {0}"),
    "file-held": Wording(
        "另一个 `shixun sites add` 正在写它,请再试",
        "another `shixun sites add` is writing it; try again",
    ),
    "file-changed": Wording(
        "刚被别人改动;没有写入,请再试", "somebody else has just changed it; nothing was written, try again"
    ),
    "no-place": Wording(
        "{0};没有写入,请手工添加", "{0}; nothing was written, put the entry in by hand"
    ),
    "term": Wording(
        "每行一个 2 到 {0} 个字的词:梧岗区,或 梧岗区 ns",
        "a line is a word of 2 to {0} characters: 梧岗区, or 梧岗区 ns",
    ),
    "no-span": Wording("--{0} {1}: 时长写作 90d、36h 或 2y", "--{0} {1}: a span is written 90d, 36h or 2y"),
    "backup-there": Wording("已经有了,没有改动", "already there; nothing was changed"),
    "backup-none": Wording("不是完整的备份", "is no whole backup"),
    "backup-damaged": Wording("{0} 与备份时不同", "{0} is not what was backed up"),
    "no-export": Wording(
        "不是 `shixun export` 写的文件,也不是 WARC", "is no file that `shixun export` wrote, and no WARC"
    ),
    "export-none": Wording("没有这个文件", "no such file"),
    "newer-export": Wording(
        "由更新版本的市讯写成(格式 {0},本程序读到 {1} 为止);请先升级程序",
        "was written by a newer Shixun (format {0}, this program reads up to {1}): upgrade first",
    ),
    "bad-line": Wording(
        "第 {0} 行读不懂:{1};之前的已收入,改好后可从头再导入一次",
        "line {0} cannot be read: {1}; what came before it was taken in, and taking in all of it again does no harm",
    ),
    "cut-export": Wording(
        "文件不完整:在第 {0} 行之后断了;之前的已收入",
        "the file is not whole: it ends behind line {0}; what came before was taken in",
    ),
    "warc-whole": Wording(
        "整个文件压成了一段 gzip,不能逐条读取;请先解压(gunzip)再导入",
        "is compressed as one stream, and not a record at a time: unpack it first (gunzip)",
    ),
    "warc-stream": Wording(
        "WARC 要读两遍,不能来自管道;请给文件名",
        "a WARC is read twice and cannot come from a pipe: name the file",
    ),
    "jsonl-site": Wording("--site 只用于 WARC 文件", "--site is for WARC files alone"),
    "warc-span": Wording(
        "--format warc 不能与 --since、--until、--without-bodies 同用",
        "--format warc goes without --since, --until and --without-bodies",
    ),
    # What stands in the way of a service.
    "service-busy": Wording(
        "另一个服务(进程 {0})正在看守 {1};请先停下它",
        "another service (process {0}) watches {1}; stop it first",
    ),
    "no-queue": Wording(
        "多机抓取需要任务队列;请安装:pip install 'shixun[postgres]'",
        "crawling by several machines needs a queue: pip install 'shixun[postgres]'",
    ),
    "no-shared": Wording(
        "worker 需要服务所用的 PostgreSQL 地址,如 postgresql://user@host/name",
        "a worker needs the service's PostgreSQL address, such as postgresql://user@host/name",
    ),
    "other-queue": Wording(
        "数据库中的任务队列属于另一版本的 procrastinate,仍有 {0} 个进程在用;请先停下全部服务和 worker,再逐个启动",
        "the queue was made for another procrastinate, and {0} processes still use it; "
        "stop all services and workers, then start them",
    ),
    "crawls-nowhere": Wording(
        "0 须有别的机器抓取:仅在 database: 是 PostgreSQL 时可用",
        "0 leaves all crawls to workers, which need a PostgreSQL address in database:",
    ),
    "site-crawled": Wording(
        "{0} 正在抓取(进程 {1});请等它结束,或先停下",
        "{0} is being crawled (process {1}); wait for its end, or stop it first",
    ),
    "workers-busy": Wording(
        "{0} 还在从这个数据库取站点抓取;请先停下",
        "{0} still crawl what this database has waiting; stop them first",
    ),
    "port-taken": Wording("网页不能开在 {0}:{1}: {2}", "the pages cannot be served at {0}:{1}: {2}"),
}  # fmt: skip


def fault(key: str, *given: object, **named: object) -> Wording:
    """A fault of the table in words."""
    return Wording(*(text.format(*given, **named) for text in FAULTS[key]))


def found(kind: str, message: str, limits: Mapping[str, object] | None = None) -> Wording:
    """A fault as pydantic found it (``type``, ``msg``, ``ctx``) in words; an unknown one in pydantic's."""
    if kind in FAULTS:
        # Of what is allowed pydantic makes a sentence, 'a', 'b' or 'c'; a list of it reads in both languages.
        named = {name: str(value).replace("' or '", "', '").replace("'", "") for name, value in (limits or {}).items()}
        return fault(kind, **named)
    return as_is(message.removeprefix("Value error, "))


def joined(*parts: Wording | str) -> Wording:
    """Parts of one line, each in both languages."""
    pairs = [as_is(part) if isinstance(part, str) else part for part in parts]
    return Wording("".join(pair.zh for pair in pairs), "".join(pair.en for pair in pairs))
