"""Furniture as pages print it, spoken anew at every call: ``style`` chooses the markup, the dice the words."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from bench import newsroom as say

Speaker = Callable[[Random, int], str]


def counter(dice: Random, style: int) -> str:
    """How often the page was read."""
    n = dice.randint(3, 99999)
    forms = (
        f'<span class="hits">浏览次数：{n}次</span>',
        f"　阅读：{n}",
        f'<span>点击数：<em id="hits">{n}</em></span>',
        f"<span>访问量：{n}人次</span>",
        f'<div class="view">浏览量：<span>{n}</span></div>',
        f"　字体：【大 中 小】　人气：{n}",
        f'<i class="read">阅读量 {n}</i>',
        f"<span>点击率：</span><span>{n}</span>",
        f"（浏览{n}次）",
        f'<span class="num">{n}人浏览</span>',
        f'<span class="num">{n / 1000:.1f}万阅读</span>',
    )
    return forms[style % len(forms)]


def clock(dice: Random, style: int) -> str:
    """What time it is."""
    y, m, d = dice.randint(2019, 2026), dice.randint(1, 12), dice.randint(1, 28)
    h, i, s = dice.randint(0, 23), dice.randint(0, 59), dice.randint(0, 59)
    week = "一二三四五六日"[dice.randrange(7)]
    forms = (
        f'<div class="time">今天是{y}年{m}月{d}日 星期{week}</div>',
        f"<div>现在时间：{y}-{m:02}-{d:02} {h:02}:{i:02}:{s:02}</div>",
        f'<span id="clock">{y}年{m:02}月{d:02}日 {h:02}时{i:02}分{s:02}秒 星期{week}</span>',
        (
            f'<p class="date">{y}年{m}月{d}日　星期{week}　农历{"正二三四五六七八九十"[dice.randrange(10)]}月初'
            f"{'一二三四五六七八九'[dice.randrange(9)]}</p>"
        ),
        f"<div>北京时间 {h:02}:{i:02}:{s:02}</div>",
        f'<div class="top"><span>欢迎您！今天是 {y}/{m}/{d}</span><a href="/">设为首页</a></div>',
        f"<div>页面更新于 {y}-{m:02}-{d:02} {h:02}:{i:02}</div>",
        f"<div>Page generated in 0.{dice.randint(10, 99)}s, {y}-{m:02}-{d:02} {h:02}:{i:02}:{s:02}</div>",
    )
    return forms[style % len(forms)]


def relative(dice: Random, style: int) -> str:
    """How long ago it was published."""
    n = dice.randint(1, 58)
    forms = (
        f'<span class="ago">{n}分钟前</span>',
        f'<span class="ago">{n % 23 + 1}小时前</span>',
        f"<span>发布于{n % 29 + 1}天前</span>",
        f"<em>{n % 11 + 1}个月前</em>",
        dice.choice(("<em>昨天</em>", "<em>前天</em>", "<em>刚刚</em>")),
    )
    return forms[dice.randrange(len(forms))] if style % 2 else forms[style % len(forms)]


def _items(dice: Random, style: int, count: int) -> str:
    lines = []
    for number in range(count):
        href = f"/xw/{dice.randint(201901, 202612)}/t{dice.randint(10_000_000, 99_999_999)}.html"
        day = f"{dice.randint(1, 12):02}-{dice.randint(1, 28):02}"
        title = say.headline(dice)
        lines.append(
            (
                f'<li><a href="{href}">{title}</a></li>',
                f'<li><span>{day}</span><a href="{href}" title="{title}">{title}</a></li>',
                f'<p><a href="{href}">·{title}</a></p>',
                f'<dd><em>{number + 1}</em><a href="{href}">{title}</a></dd>',
                f'<a href="{href}"><img src="/u/{dice.randint(1, 9999)}.jpg" alt="{title}"><b>{title}</b></a>',
            )[style % 5]
        )
    return "\n".join(lines)


def listed(heads: str, names: str) -> Speaker:
    """A list of other articles under a heading."""

    def speak(dice: Random, style: int) -> str:
        head, name = heads.split()[style % len(heads.split())], names.split()[style % len(names.split())]
        rows = _items(dice, style, dice.randint(3, 10))
        box = ("<ul>{}</ul>", "<div>{}</div>", "<ul class='list'>{}</ul>", "<dl>{}</dl>", "<div class='pics'>{}</div>")[
            style % 5
        ]
        return f'<div class="{name}"><h3>{head}</h3>{box.format(rows)}</div>'

    return speak


def advert(dice: Random, style: int) -> str:
    """An advertisement, told as such by its box or by a label."""
    n, host = dice.randint(1000, 99999), f"ad{dice.randint(1, 40)}.{say.token(dice, 6)}.com"
    forms = (
        (
            f'<div class="ad"><a href="http://{host}/c/{n}" target="_blank"><img src="http://{host}/{n}.jpg" alt="'
            f'{say.slogan(dice)}"></a></div>'
        ),
        f'<div id="ad_{n % 9}"><iframe src="http://{host}/s?id={n}" width="640" height="90"></iframe></div>',
        f'<div class="ggw"><span>广告</span><a href="http://{host}/{n}">{say.slogan(dice)}</a></div>',
        (
            f'<div class="adbox"><a href="http://{host}/{n}">{say.slogan(dice)}</a> <a href="http://{host}/{n + 1}'
            f'">{say.slogan(dice)}</a></div>'
        ),
        f"<script>document.write('<a href=\"http://{host}/{n}\">{say.slogan(dice)}</a>');</script>",
        (
            f'<div class="guanggao"><a href="/ad/{n}.html"><font color="red">{say.slogan(dice)}，'
            f"{say.slogan(dice)}</font></a></div>"
        ),
        (
            f'<ins class="adsbygoogle" data-ad-slot="{n}"></ins><div class="gg_full"><p>{say.slogan(dice)}！咨询电'
            f"话：400-{n:05}</p></div>"
        ),
    )
    return forms[style % len(forms)]


def weather(dice: Random, style: int) -> str:
    """The weather."""
    low, high = dice.randint(-9, 18), dice.randint(19, 38)
    sky = dice.choice(["晴", "多云", "阴", "小雨", "中雨", "雷阵雨", "小雪", "霾"])
    forms = (
        f'<div class="weather">{say.city(dice)}：{sky} {low}℃～{high}℃</div>',
        f'<div id="tq"><img src="/tq/{sky}.gif">今日天气 {sky} {low}~{high}℃ 东南风{dice.randint(1, 6)}级</div>',
        f"<span>{sky}转多云 {high}/{low}℃ 空气质量：{dice.choice(['优', '良', '轻度污染'])}</span>",
        f'<iframe src="http://tianqi.example.com/?c={dice.randint(1, 999)}" height="24"></iframe>',
        f"<div>天气预报：{sky}，{low}到{high}度，PM2.5：{dice.randint(9, 160)}</div>",
    )
    return forms[style % len(forms)]


def share(dice: Random, style: int) -> str:
    """Buttons for sharing, with their counts."""
    n = dice.randint(0, 9999)
    forms = (
        (
            f'<div class="bdsharebuttonbox" data-tag="{n}"><a href="#" class="bds_more" data-cmd="more">分享到：'
            f'</a><a data-cmd="weixin" title="分享到微信"></a><span class="count">{n}</span></div>'
        ),
        (
            '<div class="share"><span>分享到：</span><a href="javascript:;">微信</a><a href="javascript:;">微博'
            f'</a><a href="javascript:;">QQ空间</a><i>{n}</i></div>'
        ),
        f'<div class="social-share" data-url="?t={n}"><span>{n}人分享</span></div>',
        f'<p class="qr"><img src="/qr.php?u={n}">扫一扫在手机打开当前页</p>',
        f"<div>【{dice.choice(('分享', '收藏', '推荐'))}】【微信】【微博】　已有{n}人分享</div>",
        (
            f'<div class="zan"><a href="javascript:void(0)">点赞</a><span>{n}</span>'
            f'<a href="javascript:void(0)">收藏</a><span>{n // 7}</span></div>'
        ),
    )
    return forms[style % len(forms)]


def comments(dice: Random, style: int) -> str:
    """What readers say."""
    count = dice.randint(1, 8)
    rows = [
        f"<li><b>{say.comment(dice).split(':')[0]}</b><p>{say.comment(dice).split(':')[1]}</p>"
        f"<span>{dice.randint(1, 59)}分钟前 顶[{dice.randint(0, 99)}]</span></li>"
        for _ in range(count)
    ]
    forms = (
        f'<div class="comment"><h3>网友评论（{count}）</h3><ul>{"".join(rows)}</ul></div>',
        (
            f'<div id="comments"><div class="hd">最新评论 共{count}条</div><ul class="reply">{"".join(rows)}</ul>'
            '<textarea name="c"></textarea></div>'
        ),
        (
            f'<div class="pinglun">已有<a href="#pl">{dice.randint(0, 9999)}</a>条评论，'
            f'<a href="#pl">{dice.randint(0, 9999)}</a>人参与</div>'
        ),
        f'<p class="pl"><a href="/comment/{count}.html">评论({dice.randint(0, 999)})</a></p>',
    )
    return forms[style % len(forms)]


def banner(dice: Random, style: int) -> str:
    """A slogan across the top."""
    opening = dice.choice(("热烈庆祝", "深入学习贯彻", "坚决打赢", "喜迎", "大力弘扬"))
    text = f"{opening}{say.thing(dice)}{dice.choice(('取得新成效', '精神', '攻坚战', '圆满召开'))}"
    forms = (
        f'<div class="banner"><a href="/zt/{dice.randint(1, 99)}/">{text}</a></div>',
        f'<div class="banner" style="background:url(/b{dice.randint(1, 99)}.jpg)"><h2>{text}</h2></div>',
        f"<marquee scrollamount='3'>{text}　{say.headline(dice)}</marquee>",
        f'<div id="slogan">{text}</div>',
        f'<header><div class="logo-txt">{text}</div></header>',
    )
    return forms[style % len(forms)]


def notice(dice: Random, style: int) -> str:
    """A notice above the page."""
    forms = (
        f'<div class="top-notice"><a href="/gg/{dice.randint(1, 999)}.html">公告：{say.headline(dice)}</a></div>',
        (
            f'<div class="tongzhi">网站将于{dice.randint(1, 12)}月{dice.randint(1, 28)}日{dice.randint(0, 9)}时进'
            "行系统维护，届时将暂停访问，敬请谅解。</div>"
        ),
        (
            f'<div id="notice_bar"><span>通知公告</span><a href="/n/{dice.randint(1, 999)}">{say.headline(dice)}'
            '</a><a href="javascript:;">×</a></div>'
        ),
        (
            f'<div class="piaochuang" style="position:fixed"><a href="/w/{dice.randint(1, 99)}">'
            f'<img src="/p.png" alt="{say.slogan(dice)}"></a><a onclick="c()">关闭</a></div>'
        ),
    )
    return forms[style % len(forms)]


def cookies(dice: Random, style: int) -> str:
    """A notice on cookies."""
    what = dice.choice(("浏览体验", "服务质量", "访问安全", "页面性能"))
    forms = (
        (
            f'<div class="cookie-notice">本网站使用Cookie以提升您的{what}，继续访问即表示您同意我们的'
            '<a href="/privacy">隐私政策</a>。<button>同意</button></div>'
        ),
        f'<div id="cookieBar"><p>为了改善{what}，我们会使用必要的Cookie。</p><a href="javascript:;">我知道了</a></div>',
        (
            f'<div class="gdpr popup">我们重视您的隐私。点击“接受”即允许网站记录{what}所需的信息。<button>接受'
            "</button></div>"
        ),
    )
    return forms[style % len(forms)]


def crumbs(dice: Random, style: int) -> str:
    """Where the page stands in its site."""
    one, two = (
        dice.choice(["新闻中心", "政务要闻", "部门动态", "乡镇传真"]),
        dice.choice(["市县新闻", "今日要闻", "工作动态", "本地"]),
    )
    forms = (
        (
            f'<div class="crumb">当前位置：<a href="/">首页</a> &gt; <a href="/a/">{one}</a> &gt; '
            f'<a href="/a/b/">{two}</a></div>'
        ),
        (
            f'<div class="position">您现在的位置：<a href="/">首页</a>&nbsp;&raquo;&nbsp;<a href="/n/">{one}'
            "</a>&nbsp;&raquo;&nbsp;正文</div>"
        ),
        f'<div class="path"><a href="/">网站首页</a> / <a href="/x/">{one}</a> / {two} / 正文</div>',
    )
    return forms[style % len(forms)]


def tools(dice: Random, style: int) -> str:
    """Buttons for reading and printing."""
    n = dice.randint(100, 99999)
    forms = (
        (
            "<div class='tool'>字号：<a href='javascript:doZoom(16)'>大</a> <a href='javascript:doZoom(14)'>中"
            "</a> <a href='javascript:doZoom(12)'>小</a></div>"
        ),
        f'<div class="fontsize">【字体：<a onclick="f({n})">大</a> <a>中</a> <a>小</a>】</div>',
        (
            f'<span>【<a href="javascript:window.print({n})">打印本页</a>】【'
            '<a href="javascript:window.close()">关闭窗口</a>】</span>'
        ),
        (
            f'<a class="print" href="/print.jsp?id={n}">打印</a> <a class="fav" href="#">收藏</a> '
            f'<a href="/err?id={n}">我要纠错</a>'
        ),
        f'<div class="lang"><a href="/">简体</a> | <a href="/big5/{n}">繁體</a> | <a href="/en/">English</a></div>',
        (
            f'<div class="wza"><a href="/wza?{n}">无障碍浏览</a><a href="/old">关怀版</a><a href="/login?{n}">登录'
            "</a></div>"
        ),
    )
    return forms[style % len(forms)] if dice.random() < 0.5 else forms[(style + 1) % len(forms)]


def turns(dice: Random, style: int) -> str:
    """The ways to the articles before and after."""
    one, two = say.headline(dice), say.headline(dice)
    n = dice.randint(1000, 9999)
    forms = (
        f'<p>上一篇：<a href="t{n}.html">{one}</a></p><p>下一篇：<a href="t{n + 2}.html">{two}</a></p>',
        (
            f'<div class="prenext"><span>上一条：<a href="t{n}.html">{one}</a></span><span>下一条：'
            f'<a href="t{n + 2}.html">{two}</a></span></div>'
        ),
        (
            f'<ul class="np"><li>上篇：<a href="{n}.htm">{one}</a></li><li>下篇：{dice.choice(("没有了", "暂无"))}'
            "</li></ul>"
        ),
        f"<div>上一篇：{dice.choice(('没有了', '无'))}<br>下一篇：<a href='{n}.html'>{two}</a></div>",
    )
    return forms[style % len(forms)]


def pages(dice: Random, style: int) -> str:
    """A pager, or the way back."""
    n = dice.randint(20, 400)
    forms = (
        f'<div class="pagination"><span>1</span><a href="list_{n}.html">{n}</a><span>共{n}条</span></div>',
        f'<div class="page"><a href="javascript:;">回到顶部</a> <a href="index_{n}.html">返回列表</a></div>',
    )
    return forms[style % len(forms)]


def tokens(dice: Random, style: int) -> str:
    """Tokens of a session, in forms, scripts and comments."""
    key = say.token(dice)
    forms = (
        (
            f'<form action="/search;jsessionid={key}" method="post"><input type="hidden" name="_csrf" value="{key}'
            '"><input name="q"></form>'
        ),
        f"<!-- {key} generated by node {dice.randint(1, 9)} -->",
        f'<script>var _sid="{key}";var ts={dice.randint(10**9, 2 * 10**9)};</script>',
        f'<script src="/js/app.{key[:8]}.js?v={dice.randint(1, 999)}"></script>',
        f'<img src="/count.gif?r={key}" width="0" height="0">',
        (
            "<script>\n(function()"
            f'{{var a="{say.headline(dice)}";if(a.length>{dice.randint(1, 99)})track("{key}");}})();\n</script>'
        ),
    )
    return forms[style % len(forms)]


def head(dice: Random, style: int) -> str:
    """Elements of the head."""
    forms = (
        "<style>html{-webkit-filter:grayscale(100%);filter:grayscale(1)}</style>",
        f'<link rel="stylesheet" href="/css/s.css?v={dice.randint(1, 9999)}">',
        f'<meta name="csrf-token" content="{say.token(dice)}">',
        f'<meta name="generator" content="CMS {dice.randint(1, 9)}.{dice.randint(0, 9)}">',
        f"<script>window.__t={dice.randint(1, 10**9)}</script>",
    )
    return forms[style % len(forms)]
