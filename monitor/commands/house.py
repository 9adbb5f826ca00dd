"""``shixun init`` and ``sites list``: the catalogue of a home."""

from __future__ import annotations

from typing import Annotated

import typer

from crawler.faults import fault
from crawler.sites import load_catalogue
from crawler.yamlfile import ConfigError
from monitor import tell
from monitor.commands.screen import context_of, out, out_json
from monitor.config import load_settings

EXAMPLE = """\
# 市讯的站点目录。每个站点只需名称和栏目网址,其余都有默认值。
# The sites to watch. A site needs a name and the addresses of its columns; all else has a default.

# 站长可以联系到您的邮箱或网址,会写进访问时报出的名称。
# Whom a webmaster may write to; it stands in the name we give at every door.
contact:

# database: postgresql://user@localhost/shixun     # 默认是本目录下的 shixun.db

digest:
  at: "07:30"          # 中国时间,写前一日的简报

# 投递:每位订阅者收什么、用什么收。密码最好放在环境变量 SHIXUN_MAIL_PASSWORD。
# Who hears what, and where. The password is best kept in the environment.
# mail: {host: smtp.example.cn, port: 587, tls: starttls, user: desk@example.cn, from: "市讯 <desk@example.cn>"}
# subscribers:
#   newsroom:
#     to: [mail:desk@example.cn, file:newsroom, "wecombot://KEY", "dingtalk://TOKEN", "feishu://TOKEN"]
#     what: [digest, weekly, alerts]      # 日报、周报、警示;默认只有日报
#     # 以下各项挑选要看的;不写就是全部 / these choose; left out, all is told:
#     # sites: [loudi]
#     # kinds: [edited, removed]
#     # least_weight: 0.2
#     # words: [供暖]
#     # lang: en
#     # at: "08:30"
# alerts: {watchwords: [供暖], pages: [https://www.example.gov.cn/zfxxgk/1.html], kinds: [tampered]}

sites:
#   loudi:
#     name: 娄底新闻
#     columns:
#       - https://www.example.gov.cn/xwzx/list.html
#     # 以下都可省略 / all of these may be left out:
#     # delay: 2                  # 两次请求之间的秒数
#     # hosts: [news.example.cn]  # 同属本站的其他域名
#     # schedule: {column: 30m, day: 2h, week: 12h, month: 2d, older: 14d}
#     # removal: {visits: 2, over: 2h}   # 连续几次、相隔多久不见,才算撤下
#     # attachments: keep         # 附件也取回存档,换了文件就能看出;默认 list 只列名称
#     # limits: {pages_per_run: 400, list_pages: 3, attachment_bytes: 20000000}
"""


def init(context: typer.Context) -> None:
    """Write a commented sites.yaml. 写一份带说明的站点目录。"""
    home = context_of(context).home
    target = home / "sites.yaml"
    home.mkdir(parents=True, exist_ok=True)
    try:
        with open(target, "x", encoding="utf-8") as file:
            file.write(EXAMPLE)
    except FileExistsError:
        raise ConfigError(fault("home-taken"), f"{target}: ") from None
    out(str(target))


def list_sites(
    context: typer.Context, as_json: Annotated[bool, typer.Option("--json", help="one JSON line a site")] = False
) -> None:
    """The sites of sites.yaml. 列出站点。"""
    options = context_of(context)
    catalogue = load_catalogue(options.home)
    load_settings(catalogue)
    for site in catalogue.sites.values():
        if as_json:
            out_json({"site": site.key, "name": site.name, "columns": list(site.columns)})
        else:
            out(options.says("site-line", site.key, tell.printable(site.name), len(site.columns)))
