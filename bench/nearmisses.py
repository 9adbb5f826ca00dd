"""What owners do that looks like the single link, hidden words, unseen frames and lone scripts of hijackers.

Each must stay quiet beside its style in ``bench/hijackers.py``; ``bench/honest.py`` hands them on with the rest.
"""

from __future__ import annotations

import re
from random import Random
from urllib.parse import urlsplit

from bench.hijackers import _foot, _into_head, _top

_NAMES = ("金河湾娱乐城", "新濠太阳城官网", "皇冠体育平台", "百家乐在线", "威尼斯人棋牌", "时时彩计划网")
_SPELLED = ("lanqiaojiu", "baishacha", "donglingly", "qinghewl", "xitangyl", "nanpujt")
_ASIDE = "<style>.sr-only{position:absolute;left:-9999px}</style><div class='sr-only'>"
_TAB = '<div class="tab" style="display:none">'


def _into_text(page: str, more: str) -> str:
    found = re.search(r"(?i)</p>", page)
    return page[: found.end()] + more + page[found.end() :] if found else page


def _site(dice: Random) -> str:
    return f"{dice.choice(('www', 'app', 'media', 'kf'))}.{dice.choice(_SPELLED)}.{dice.choice(('com', 'cn', 'net'))}"


def list_of_frauds(page: str, url: str, dice: Random) -> str:
    """A warning that names sites, one a line, and links to none."""
    rows = "".join(
        f"<p>{number}.{name} www.{dice.choice(_SPELLED)}{dice.randrange(99)}.com</p>"
        for number, name in enumerate(dice.sample(_NAMES, 4), 1)
    )
    lead = dice.choice(("公安机关公布一批诈骗网站名单,请广大市民切勿点击:", "以下网站涉嫌违法犯罪,请提高警惕:"))
    return _into_text(page, f"<p>{lead}</p>{rows}")


def gambling_case(page: str, url: str, dice: Random) -> str:
    """A report of a case in court, in one paragraph and without links."""
    one, other = dice.sample(_NAMES, 2)
    return _into_text(
        page,
        f"<p>法院审理查明,被告人王某自{dice.randrange(2015, 2024)}年起为“{one}”“{other}”等境外网站招揽会员,"
        f"接受投注{dice.randrange(100, 999)}万元,其行为已构成开设赌场罪,依法判处有期徒刑三年。</p>",
    )


def one_more_link(page: str, url: str, dice: Random) -> str:
    """A new link of the text to a firm, a form or a fund of another site."""
    host = _site(dice)
    said = dice.choice(
        (
            f'<p>更多招聘信息请登录<a href="http://{host}/">兰桥酒业集团官网</a>查询。</p>',
            f'<p>扫描二维码或打开<a href="https://{host}/f/1">问卷系统</a>填写,截止日期为本月底。</p>',
            f'<p>门票可在<a href="http://{host}/">南浦古镇旅游官网</a>预订,学生半价。</p>',
            f'<p>首届青峰茶叶博览会由<a href="http://{host}/">白沙茶业</a>承办。</p>',
            f'<p><a href="http://{host}/apk">掌上清河客户端下载</a></p>',
        )
    )
    return _into_text(page, said)


def for_the_ear(page: str, url: str, dice: Random) -> str:
    """Texts for who cannot see, skip links, and a logo's name set aside for its picture."""
    own = urlsplit(url).hostname or ""
    away = "position:absolute;width:1px;height:1px;overflow:hidden;clip:rect(0,0,0,0)"
    return _top(
        page,
        dice.choice(
            (
                f'<a href="#main" style="{away}">跳到主要内容</a><span style="{away}">当前位置:首页</span>',
                f'<h1 style="text-indent:-9999px"><a href="http://{own}/">云溪市人民政府门户网站</a></h1>',
                f"{_ASIDE}无障碍服务,在线办理入口,客户端下载<a href='https://www.gov.cn/'>中国政府网</a></div>",
                '<style>.logo a{text-indent:-999em}</style><div class="logo"><a href="/">云溪新闻网</a></div>',
            )
        ),
    )


def share_widget(page: str, url: str, dice: Random) -> str:
    """A closed box with every service that a story may be sent to."""
    hosts = [
        *("service.weibo.com", "sns.qzone.qq.com", "www.douban.com", "widget.renren.com", "www.kaixin001.com"),
        *("connect.qq.com", "twitter.com", "www.facebook.com", "www.linkedin.com", "tieba.baidu.com"),
    ]
    names = ["新浪", "空间", "豆瓣", "人人", "开心", "好友", "推特", "脸书", "领英", "贴吧"]
    pairs = dice.sample(list(zip(hosts, names, strict=True)), 8)
    links = "".join(f'<a href="https://{host}/share?u=1" title="分享到{name}">{name}</a>' for host, name in pairs)
    shut = dice.choice(('style="display:none"', "hidden", 'style="height:0;overflow:hidden"'))
    return _foot(page, f'<div class="bdshare" {shut}><span>分享到</span>{links}</div>')


def download_box(page: str, url: str, dice: Random) -> str:
    """A closed box of the site's own apps."""
    host = _site(dice)
    links = (
        f'<a href="https://{host}/android.apk">安卓版下载</a><a href="https://apps.apple.com/cn/app/id{dice.randrange(9999)}">'
        'iPhone版下载</a><a href="https://appgallery.huawei.com/app/C1">华为应用市场</a>'
    )
    text = "<p>扫码下载云溪手机客户端,最新版免费下载安装,在线办理,会员注册</p>"
    shut = dice.choice(('style="display:none"', "hidden", 'style="position:absolute;left:-9999px"'))
    return _foot(page, f'<div class="app-down" {shut}>{text}{links}</div>')


def beacon(page: str, url: str, dice: Random) -> str:
    """What counts visitors or shows a public body's badge, in frames and scripts without a place."""
    key = dice.randrange(10**6, 10**7)
    return _foot(
        page,
        dice.choice(
            (
                f'<iframe src="https://pos.baidu.com/wh/o.htm?ltr={key}" style="width:0;height:0"></iframe>',
                f'<iframe style="display:none" src="http://cdn.tanx.com/t/acbeacon2.html#{key}"></iframe>',
                f'<span id="_ideConac"><script src="http://dcs.conac.cn/js/{key}.js"></script></span>',
                f'<script src="//s{dice.randrange(99)}.cnzz.com/z_stat.php?id={key}"></script>',
                f'<script src="//js.users.51.la/{key}.js"></script>',
                f'<script src="https://zfwzgl.www.gov.cn/exposure/jiucuo.js?{key}"></script>',
                f'<div style="display:none"><iframe src="https://tongji.baidu.com/{key}"></iframe></div>',
            )
        ),
    )


def frame_with_reason(page: str, url: str, dice: Random) -> str:
    """Frames that nobody sees yet or that lead nowhere: a film in a closed tab, one that grows, one for a form."""
    host = _site(dice)
    return _foot(
        page,
        dice.choice(
            (
                f'{_TAB}<h3>宣传片</h3><iframe src="https://{host}/v/1" width="640" height="360"></iframe></div>',
                f'<iframe src="https://{host}/comments?id=1" width="100%" height="0" onload="grow(this)"></iframe>',
                f'{_TAB}<iframe src="https://{host}/vr" style="width:100%;height:480px"></iframe></div>',
                '<iframe name="p" style="display:none"></iframe><iframe src="about:blank" width=0 height=0></iframe>',
                '<iframe src="/session/keep.jsp" width="0" height="0" style="display:none"></iframe>',
                f'<iframe src="//{host}/weather" width="280" height="24" scrolling="no"></iframe>',
            )
        ),
    )


def helping_script(page: str, url: str, dice: Random) -> str:
    """A service's script where such stand: at the head, at the foot, behind the document."""
    host = f"{dice.choice(('wza', 'cdn', 'chat', 'stat'))}.{dice.choice(_SPELLED)}.{dice.choice(('com', 'cn', 'net'))}"
    path = dice.choice(("aria.js?appid=1", "player/5.1/player.js", "im.js", "s.js"))
    script = f'<script src="https://{host}/{path}"></script>'
    where = dice.randrange(4)
    if where == 3:
        cheap = f'<script src="https://cdn.{dice.choice(_SPELLED)}.top/npm/swiper@8/swiper-bundle.min.js"></script>'
        return _into_head(page, cheap)
    return (_into_head(page, script), _foot(page, script), page + script)[where]


def loud_advertisement(page: str, url: str, dice: Random) -> str:
    """An advertisement beside the story, whose host has any name and whose words shout as spam does."""
    host = f"ad{dice.randrange(40)}.{dice.choice(_SPELLED)}{dice.randrange(100, 999)}.{dice.choice(('com', 'top'))}"
    said = dice.choice(
        ("青峰茶园新茶上市 全场包邮", "白沙楼盘盛大开盘 现房出售", "家电以旧换新 上门取货", "驾校招生 包过")
    )
    return _foot(
        page, f'<div class="ggw"><span>广告</span><a href="http://{host}/c/1" target="_blank">{said}</a></div>'
    )


NEAR_MISSES = (
    *(
        loud_advertisement,
        list_of_frauds,
        gambling_case,
        one_more_link,
        for_the_ear,
        share_widget,
        download_box,
        beacon,
    ),
    *(frame_with_reason, helping_script),
)
