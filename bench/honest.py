"""What owners do to their own pages that looks like a hijack to whoever counts links: all of it must stay quiet.

Partners come and go, counters, maps and films are put in, campaigns are announced, menus hide what they hold, the
police report on 网络赌博 and the lottery bureau on its draws.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from random import Random
from urllib.parse import urlsplit

from bench.hijackers import _foot, _into_head, _set_meta, _top
from bench.nearmisses import NEAR_MISSES

Change = Callable[[str, str, Random], str]
"""A page's markup, its address and dice → the markup after an honest change."""

_CITIES = ["云溪", "兰桥", "石泉", "稻香", "清河", "南浦", "东岭", "西塘", "北屿", "青峰", "白沙", "金川"]
_BODIES = [
    "日报", "晚报", "新闻网", "人民政府", "文明网", "电视台", "教育局", "图书馆", "博物馆", "大学", "总工会",
    "慈善总会", "律师协会", "农商银行", "建设集团", "在线",
]  # fmt: skip
_SPELLED = [
    "yunxi", "lanqiao", "shiquan", "daoxiang", "qinghe", "nanpu", "dongling", "xitang", "beiyu", "qingfeng", "baisha",
    "jinchuan",
]  # fmt: skip
_ENDS = ("com", "cn", "net", "org.cn", "com.cn", "gov.cn", "edu.cn")
_SERVICES = [
    "公交查询", "智慧停车", "天气预报", "预约挂号", "公积金查询", "水费缴纳", "社保卡办理", "手机客户端下载",
    "用户登录", "法人注册", "网上直播", "在线访谈",
]  # fmt: skip
_CRIMES = (
    "警方打掉特大网络赌博团伙 利用百家乐、时时彩平台开设赌场",
    "公安机关捣毁棋牌赌博平台 抓获涉案人员32名",
    "我市开展打击代开发票专项整治行动",
    "扫黄打非办通报:严禁传播淫秽视频 举报属实有奖",
    "网警提醒:警惕秒下款贷款诈骗 切勿轻信无抵押贷款广告",
    "私服外挂案宣判 被告人获刑三年",
)
_DRAWS = (
    "中国体育彩票超级大乐透开奖公告",
    "福利彩票双色球开奖结果公布",
    "我市彩民投注站喜中大奖",
    "关于彩票公益金使用情况的公示",
    "足彩胜负彩停售公告",
)


def _partner(dice: Random) -> str:
    number = dice.randrange(len(_CITIES))
    host = f"www.{_SPELLED[number]}{dice.choice(('', 'news', 'rb', 'tv', 'edu'))}.{dice.choice(_ENDS)}"
    return f'<a href="http://{host}/" target="_blank">{_CITIES[number]}{dice.choice(_BODIES)}</a>'


def partners_gained(page: str, url: str, dice: Random) -> str:
    return _foot(
        page, f'<div class="friendlink">友情链接:{" | ".join(_partner(dice) for _ in range(dice.randint(1, 9)))}</div>'
    )


def partners_in_a_drop_down(page: str, url: str, dice: Random) -> str:
    rows = "".join(f"<li>{_partner(dice)}</li>" for _ in range(dice.randint(3, 12)))
    return _foot(page, f'<div class="links"><span>媒体链接</span><ul style="display:none">{rows}</ul></div>')


def partners_lost(page: str, url: str, dice: Random) -> str:
    def gone(found: re.Match[str]) -> str:
        return "" if dice.random() < 0.5 else found[0]

    return re.sub(r"(?is)<a\b[^>]*href=[\"']https?://[^>]*>[^<]{0,30}</a>", gone, page)


def partners_set_aside(page: str, url: str, dice: Random) -> str:
    """Old links put into a comment, as templates are mended by hand."""
    found = re.search(r"(?is)<a\b[^>]*href=[\"']https?://[^>]*>[^<]{0,30}</a>", page)
    return f"{page[: found.start()]}<!-- {found[0]} -->{page[found.end() :]}" if found else page


_BAIDU = (
    '<script>var _hmt=_hmt||[];(function(){{var hm=document.createElement("script");'
    'hm.src="https://hm.baidu.com/hm.js?{key:x}";var s=document.getElementsByTagName("script")[0];'
    "s.parentNode.insertBefore(hm,s);}})();</script>"
)
_CNZZ = (
    '<script>var p=(("https:"==document.location.protocol)?"https://":"http://");document.write(unescape('
    "\"%3Cspan id='cnzz_stat_icon_{key}'%3E%3C/span%3E%3Cscript src='\"+p+\"s4.cnzz.com/z_stat.php%3Fid%3D{key}'"
    " type='text/javascript'%3E%3C/script%3E\"));</script>"
)
_LOADED = (
    '<script>(function(){{var s=document.createElement("script");'
    's.src="//{host}/t.js?id={key}&r="+encodeURIComponent(document.referrer);'
    "document.body.appendChild(s);}})();</script>"
)
_UNSEEN = (
    '<div style="display:none"><script src="https://s95.cnzz.com/z.php?id={key}"></script>'
    '<a href="https://www.cnzz.com/stat/website.php?web_id={key}">站长统计</a></div>'
)
_COUNTERS = (
    *(_BAIDU, _CNZZ, _LOADED, _UNSEEN),
    '<script src="https://{host}/count.js?id={key}" async></script>',
    '<noscript><img src="https://{host}/n.gif?id={key}" alt=""></noscript>',
)


def counter(page: str, url: str, dice: Random) -> str:
    key, host = dice.randrange(10**7, 10**8), f"tj.{dice.choice(_SPELLED)}stat.com"
    return _foot(page, dice.choice(_COUNTERS).format(key=key, host=host))


def library(page: str, url: str, dice: Random) -> str:
    host = f"cdn.{dice.choice(_SPELLED)}static.{dice.choice(('com', 'net', 'cn'))}"
    return _into_head(
        page,
        (
            f'<script src="https://{host}/jquery/3.6.0/jquery.min.js"></script>'
            f'<link rel="stylesheet" href="//{host}/swiper.css">'
        ),
    )


def map_or_film(page: str, url: str, dice: Random) -> str:
    host = dice.choice(
        (
            "map.tianditu.gov.cn",
            "player.youku.com",
            "v.qq.com",
            f"video.{dice.choice(_SPELLED)}tv.com",
            f"vr.{dice.choice(_SPELLED)}.cn",
        )
    )
    size = dice.choice(('width="600" height="400"', 'width="100%" height="480"', 'style="width:100%;height:36vw"'))
    return _foot(
        page,
        (
            '<div class="player">'
            f'<iframe src="https://{host}/embed/{dice.randrange(9999)}" {size} frameborder="0" allowfullscreen>'
            "</iframe></div>"
        ),
    )


def sharing(page: str, url: str, dice: Random) -> str:
    links = (
        '<a href="https://weibo.com/u/1234567">新浪微博</a><a href="https://mp.weixin.qq.com/s/abc">微信公众号</a>',
        '<a href="https://www.douyin.com/user/abc">抖音</a><a href="https://m.toutiao.com/profile/1">头条号</a>',
        (
            '<div class="share" style="display:none">'
            '<a href="https://service.weibo.com/share/share.php">分享到微博</a>'
            '<a href="https://sns.qzone.qq.com/cgi">QQ空间</a></div>'
        ),
    )
    return _top(page, dice.choice(links))


def campaign(page: str, url: str, dice: Random) -> str:
    host = dice.choice(
        ("www.12377.cn", "zt.gov.cn", f"www.{dice.choice(_SPELLED)}.gov.cn", "dangshi.people.com.cn", "www.12371.cn")
    )
    box = (
        f'<a href="http://{host}/zt/{dice.randrange(99)}/">'
        f'<img src="/images/banner{dice.randrange(9)}.jpg" alt="{dice.choice(_CITIES)}市文明城市创建专题">'
        "</a>"
    )
    return _top(
        page,
        dice.choice(
            (
                f'<div class="banner">{box}</div>',
                f'<div id="float" style="position:absolute;left:10px;top:80px;z-index:99">{box}</div>',
            )
        ),
    )


def hidden_menu(page: str, url: str, dice: Random) -> str:
    def host() -> str:
        return (
            f"{dice.choice(('zwfw', 'ggfw', 'app', 'wx'))}.{dice.choice(_SPELLED)}{dice.choice(('hui', '', 'ck'))}.com"
        )

    names = enumerate(dice.sample(_SERVICES, 6))
    own = "".join(f'<li><a href="/c{n}/index.html">{name}</a></li>' for n, name in names)
    out = "".join(f'<li><a href="https://{host()}/">{name}</a></li>' for name in dice.sample(_SERVICES, 4))
    style = dice.choice(("display:none", "visibility:hidden", "display: none; position: absolute"))
    return _top(page, f'<div class="sub" style="{style}"><ul>{own}{out if dice.random() < 0.6 else ""}</ul></div>')


def hidden_tab(page: str, url: str, dice: Random) -> str:
    heads = [
        f"{dice.choice(_CITIES)}市召开{dice.choice(('安全生产', '乡村振兴', '招商引资', '防汛抗旱'))}工作会议",
        dice.choice(_CRIMES),
        dice.choice(_DRAWS),
    ]
    rows = "".join(f'<li><a href="/a/{dice.randrange(9999)}.html">{head}</a></li>' for head in heads)
    return _foot(page, f'<div class="tab-con" style="display:none"><ul>{rows}</ul></div>')


def popup(page: str, url: str, dice: Random) -> str:
    text = dice.choice(
        (
            "政府网站适老化改造已完成,点击右上角可进入关怀版。",
            "关于网站改版试运行的公告,欢迎提出宝贵意见。",
            "疫情防控温馨提示:请出示健康码。",
        )
    )
    return _foot(
        page,
        f'<div class="modal" style="display:none"><h3>温馨提示</h3><p>{text}</p><a href="javascript:;">关闭</a></div>',
    )


def crime_report(page: str, url: str, dice: Random) -> str:
    head = dice.choice(_CRIMES)
    story = (
        f'<div class="news"><a href="/a/{dice.randrange(9999)}.html">{head}</a><p>{head}。'
        "民警提醒广大市民,切勿参与网络赌博,发现线索请拨打110举报。</p></div>"
    )
    return _set_meta(_foot(page, story), "keywords", f"{_old_meta(page, 'keywords')},打击,网络赌博,{head.split()[0]}")


def lottery_draw(page: str, url: str, dice: Random) -> str:
    links = "".join(
        (
            "<li>"
            f'<a href="{dice.choice(("/cp/1.html", "https://www.lottery.gov.cn/kj/", "https://www.cwl.gov.cn/"))}">{each}'
            "</a></li>"
        )
        for each in dice.sample(_DRAWS, 3)
    )
    return _foot(page, f'<div class="lottery"><h3>彩票公告</h3><ul>{links}</ul></div>')


def ad_slot(page: str, url: str, dice: Random) -> str:
    host = f"ad.{dice.choice(_SPELLED)}media.com"
    way = dice.choice(
        (
            (
                f"<script>document.write('<scr'+'ipt src=\"http://{host}/s?z={dice.randrange(99)}\">"
                "</scr'+'ipt>');</script>"
            ),
            f'<iframe src="http://{host}/show.html" width="300" height="250" frameborder="0" scrolling="no"></iframe>',
            (
                f'<div class="ad"><a href="http://{host}/click?id={dice.randrange(999)}">'
                f'<img src="http://{host}/a.jpg" alt="{dice.choice(_CITIES)}楼盘 盛大开盘"></a></div>'
            ),
        )
    )
    return _foot(page, way)


def own_redirect(page: str, url: str, dice: Random) -> str:
    host = urlsplit(url).hostname or ""
    bare = host.removeprefix("www.")
    way = dice.choice(
        (
            f'<script>if(location.protocol=="http:"){{location.href="https://{host}/"}}</script>',
            (
                f'<script>if(/Android|iPhone|iPad/i.test(navigator.userAgent)){{window.location.href="http://m.{bare}/"}}'
                "</script>"
            ),
            f'<script>if(location.host=="{bare}"){{location.replace("http://www.{bare}/")}}</script>',
            f'<meta http-equiv="refresh" content="0;url=https://www.{dice.choice(_SPELLED)}.gov.cn/">',
            '<meta http-equiv="refresh" content="600">',
            (
                '<script>if(navigator.userAgent.match(/MicroMessenger/)){location.href="https://mp.weixin.qq.com/s/abc"}'
                "</script>"
            ),
        )
    )
    return _into_head(page, way)


def suffix(page: str, url: str, dice: Random) -> str:
    more = dice.choice(("新闻中心", "要闻", "官方网站", "移动版", "信息公开平台"))
    return re.sub(r"(?is)(<title[^>]*>)(.*?)(</title>)", lambda m: f"{m[1]}{m[2]}_{more}{m[3]}", page, count=1)


def keywords(page: str, url: str, dice: Random) -> str:
    words = ",".join(
        dice.sample(
            [
                "政务公开",
                "办事服务",
                "互动交流",
                "政策解读",
                "新闻资讯",
                "政务服务平台",
                "网上办事",
                "便民服务",
                "数据开放",
                "招考信息",
            ],
            5,
        )
    )
    return _set_meta(page, "keywords", words)


def topic(page: str, url: str, dice: Random) -> str:
    press = ("people.com.cn", "cctv.com", "gov.cn", "sina.com.cn", "ifeng.com", "sohu.com")
    hosts = (f"{dice.choice(_SPELLED)}.{dice.choice(press)}" for _ in range(dice.randint(3, 10)))
    links = "".join(f'<a href="http://{host}/t{n}.html">专题报道之{n}</a>' for n, host in enumerate(hosts))
    return _foot(page, f'<div class="zt"><h2>{dice.choice(_CITIES)}市两会专题</h2>{links}</div>')


def sources_in_the_text(page: str, url: str, dice: Random) -> str:
    more = dice.choice(
        (
            (
                '<p>报名网址:<a href="http://www.rsks-baoming.com/">http://www.rsks-baoming.com/</a>,'
                "咨询电话:0738-8312345,QQ群:123456789。</p>"
            ),
            (
                '<p>按照<a href="http://www.gov.cn/zhengce/1.htm">《国务院办公厅通知》</a>要求执行,请'
                '<a href="http://pan.shiquan.com/s/1">点击下载附件</a>。</p>'
            ),
            (
                '<p>参展企业<a href="http://www.nanpujituan.com/">南浦集团</a>有关负责人表示,'
                "将继续扩大投资规模,助力当地经济发展。</p>"
            ),
        )
    )
    found = re.search(r"(?i)</p>", page)
    return page[: found.end()] + more + page[found.end() :] if found else page


def _old_meta(page: str, name: str) -> str:
    found = re.search(rf"(?is)<meta[^>]*name\s*=\s*[\"']?{name}[\"']?[^>]*content\s*=\s*[\"']([^\"']*)", page)
    return found[1] if found else ""


HONEST: Mapping[str, Change] = {
    change.__name__: change
    for change in (
        partners_gained, partners_in_a_drop_down, partners_lost, partners_set_aside, counter, library, map_or_film,
        sharing, campaign, hidden_menu, hidden_tab, popup, crime_report, lottery_draw, ad_slot, own_redirect, suffix,
        keywords, topic, sources_in_the_text, *NEAR_MISSES,
    )
}  # fmt: skip
