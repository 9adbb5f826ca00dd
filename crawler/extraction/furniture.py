"""Which lines inside an article's box are the page's furniture and not the article.

Every rule works on one canonical line (simplified, NFKC). A line is furniture when nothing is left of it once the
furniture's own words are taken out, or when it begins as furniture begins and is too short to be a sentence; so a
sentence that merely mentions 点击量 or 责任编辑制度 stays.
"""

from __future__ import annotations

import re
from functools import lru_cache

_LONGEST_OPENING = 160
"""Characters of a line that are looked at for the opening of what ends a page."""

_LONGEST_DAY = 16
_LONGEST_TERMS = 200
"""Characters up to which a line may be a site's words on infringement."""
LABEL_LINE = 70
"""A line of labels (来源, 责任编辑 …) is shorter than this; measured bylines end at 66 characters."""

_WIDGETS = (
    "打印本页|打印本稿|打印此页|打印文章|打印|关闭窗口|关闭本页|关闭页面|关闭|返回顶部|返回首页|返回列表|返回上页|回到顶部|回到首页|"
    "返回|分享让更多人看到|我要分享|分享到|分享至|分享|收藏本页|加入收藏|收藏|字体大小|调整字体|字体|字号减小|字号增大|字号|文字大小|放大|缩小|增大|减小|"
    "保护视力色|视力保护色|背景色|新浪微博|腾讯微博|东方微博|微博|微信好友|微信|朋友圈|QQ空间|QQ好友|QQ|Qzone|人人网|开心网|豆瓣网?|转播到|意见反馈|保存|分隔线|"
    "百度贴吧|网易|Facebook|Twitter|复制链接|链接已复制|复制成功|扫一扫|二维码|手机查看|手机点评|手机看新闻|我要纠错|纠错|"
    "发表评论|我要评论|参与评论|参与互动|热门评论|查看评论|评论|留言|论坛|网摘|E-?mail推荐|推荐给朋友|推荐|点赞|顶一下|踩一下|点击播放|点击观看视频|"
    "上一篇稿件|下一篇稿件|上一[篇条页则]|下一[篇条页则]|第一页|最后一页|首页|尾页|末页|听新闻|朗读本文|朗读|语音播报|播报|"
    "加载更多|更多新闻|更多|阅读全文|查看全文|展开全文|阅读剩余全文|原文链接|无障碍浏览|无障碍|长者助手|关怀版|老年版|登录|注册|"
    "(?:浏览|点击|阅读|访问|查看|人气|点击率|浏览量|阅读量|点击量)(?:次数|数|量)?(?=[:：(（\\[【\\d\\s]|$)|人次|"
    "(?:已有)?(?=\\s*[\\d.]+\\s*万?\\s*(?:人次|人|次)?\\s*(?:浏览|阅读|点击|查看|分享|收藏|点赞))|(?<=\\d)\\s*万?\\s*(?:人次|人|次)?\\s*(?:浏览|阅读|点击|查看|分享|收藏|点赞)|"
    "已收藏|已点赞|客户端看|手机观看|安装[\u3400-\u9fff]{2,8}客户端(?:[,，][^,，。!！]{2,14}[!！]?)?|"
    "视频链接|图集|大号|中号|小号|大字|小字|TOP|top|扫码|简体|繁体|繁體|English|[大中小简繁赞次]|EN|X|\\b(?:Print|Close|Back|Share|Hits|Views|WeChat|Weibo)\\b"
)
_ONLY_WIDGETS = re.compile(rf"(?>(?:[\s\d\W_]|{_WIDGETS})*)")
_MARKS = re.compile(r"[\s\d\W_]+")
_BEGINS = re.compile(
    r"^[\s*※●•·\-—]*(?:[【\[(（]?(?:我要)?纠错[】\])）]?\s*)?[【\[(（<《]*\s*(?:"
    r"责任编辑|责编|(?:网站|网络|值班|执行|本文|版面|文字|图片|视频|美术|新媒体|本期)编辑|编\s*辑|编审|编校|编发|选稿|审核人?|核发|审校|(?:责任)?校对|"
    r"校审|[初复终一二三]审|监制|栏目主编|"
    r"值班总编|值班主任|信息员|发布人|发布者|录入人?|录入者|录入员|签发"
    r")\s*[:：丨|/]"
)
_HANDLED = re.compile(
    r"^[\s*※●•·\-—(（【\[]*(?:责任编辑|责编|编辑|编审|编校|审核|校对|初审|复审|终审|监制|值班编辑)\s+[\u3400-\u9fff]{2,4}(?:\s+[\u3400-\u9fff]{1,4}){0,3}[\s)）】\]]*$"
)
_EDGE = re.compile(
    r"^[\s*※●•·\-—]*\[?\s*(?:"
    r"来\s*源|信息来源|稿件来源|文章来源|新闻来源|消息来源|资料来源|出处|稿源|作\s*者|撰稿|撰文|摄\s*影|图片|图/文|文/图|文图|供稿单位|供稿人?|"
    r"通讯员|发布时间|发布日期|更新时间|最后更新|发稿时间|发表时间|发布机构|发布单位|原标题|原题|分类|所属栏目|所属类别|索引号|分类号|文号|发文字号|"
    r"关键[词字]|标签|(?:Source|Author|Editor|Date|Time|Published|Release [DTdt]\w{3})(?=[:：]))\s*[:：]"
)
_COUNTER = re.compile(
    r"^[\s\[【(（]*(?:本文|本页|文章)?(?:已被?|被)?(?:浏览|点击|阅读|访问|查看|人气)(?:次数|数|量|率|人数)?\s*[:：(（\[【]?\s*\d*\s*(?:次|人次|人)?[\s\])】）]*"
    r"(?:字体.*|打印.*|关闭.*|【.*)?$|^共计?\d+个?字"
)
_DATE = r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}(?!\d)\s*日?"
_DAY = _DATE + r"\s*(?:(?:星期|周)[一二三四五六日天]\s*)?(?:[上下]午\s*)?(?:\d{1,2}:\d\d(?::\d\d)?)?"
_HEAD = re.compile(
    rf"^(?:[(\[【]\s*{_DAY}\s*[)\]】]|{_DAY}(?:$|(?=[\s|(\[【]|来源|作者|编辑|责|浏览|点击|阅读|分享|字|[\d.]+万?(?:人次|人|次)?(?:浏览|阅读|点击)))[^,，。;；!！?？]{{0,60}})$|"
    rf"^\s*(?:(?:发布|发表|更新)于?|(?:Posted|Published|Updated)(?: on)?)\s*[:：]?\s*{_DAY}|"
    rf"^https?://[!-~]+\s*{_DAY}[^,，。;；]{{0,40}}$|^[^\s,，。:]{{2,16}}\s+·\s+\d{{1,2}}\s*(?:秒|分钟|个?小时|天)前$|"
    r"^[\s\[【(（]*(?:日期|时间|成文日期|关键词|标签|摘要来源)\s*[:：]|^(?:发布于|发表于|IP属地)\s*[:：]?\s*[\u3400-\u9fff]{2,8}$"
)
_TAGS = re.compile(r"[^\s|,，。;；:：]{1,10}(?:\s*\|\s*[^\s|,，。;；:：]{1,10}){2,}")
"""图书馆|阅读|开放: the words under which an article is filed."""
_DAY_IN_BOXES = re.compile(r"[\d\W_年月日]*(?:19|20)\d\d[\d\W_年月日]*")
"""08 2021-05: a day as boxes beside a headline print it, its number above its month."""
_NO_MOMENT = rf"(?!.*(?:时间|日期|定于|将于|截至|[自从至于] ?{_DATE}))"
_CENTURY = re.compile("19|20")
_PRESS_AND_CLOCK = re.compile(
    rf"^{_NO_MOMENT}[^\d,，。;；!！?？:：]{{2,40}}[ (（\[|]*{_DATE}\s*\d{{1,2}}:\d\d(?::\d\d)?"
    r"[)）\]]?(?:\s*(?:(?:发布于|来自)\s*[\u3400-\u9fff]{2,6}|A\s*[-+]|字号|字体|分享|打印|\d*\s*人?(?:参与|评论|阅读|浏览)+|[大中小|]))*\s*$"
)
"""云溪日报 2021-05-08 08:16: a medium and a moment. A notice's 会议时间 2021-05-08 09:00 is text."""
_MOMENT = re.compile(rf"{_DATE}\s*\d{{1,2}}:\d\d")
_SEVERAL = re.compile(
    r"(?:时间|日期|来源|作者|编辑|浏览|点击|阅读|字号|字体|发布者?|发布人|供稿|审核)(?:次数|数|量)?\s*[:：]"
)
_EVENT = re.compile(
    r"^(?!发布|发表|发稿|刊发|更新|修改|上传|添加|录入|编辑|公开|生成|成文|来源|信息|文章|稿件|访谈|直播|采访)[\u3400-\u9fff]{2,4}(?:时间|日期)\s*[:：]"
)
"""停电时间:2021年5月8日 8:00-18:00: when something is to be, which is what a notice says."""
_BEGINS_PLAIN = re.compile(
    r"^[\s\[【(（]*(?:微信)?(?:扫一扫|扫码|扫描|长按|扫二维码|用微信|用手机|手机扫|打开微信)|^分享到|"
    r"^[*※]*\S{0,8}独家稿件|^已有\d+人|^您是第|^当前位置|^您的?(?:当前|现在)?(?:所在)?(?:的)?位置|^更多精彩|^新闻热线|^我要投稿|^(?:投稿|爆料)(?:邮箱|热线|电话|平台)\s*[:：]|^(?:欢迎)?关注(?:官方)?(?:微信)?公众号\s*[:：]|"
    r"^调查问题加载中|^若长时间无响应|^视频加载中|^(?:正在|努力|拼命|玩命)加载|^共\d+页|^#?_?PAGE_?BREAK|^<?pagebreak|^查看全部\d*条?评论|^\d+\s*条评论|"
    r"^加载(?:中|更多)|^我要反馈|^(?:网友(?:留言|评论)\s*)?文明上网[,，]\s*理性(?:发言|留言|评论)|^[(（【\[]?原标题\s*[:：]|^展开全部|^热门(?:搜索|标签|关键词|话题)\s*[:：]|^相关热词(?:搜索)?\s*[:：]|^tags?\s*[:：]|^点击(?:查看|进入|阅读)[^,，。]{0,12}$"
)
_RELATED = re.compile(
    r"^[\s【\[(（>》•·|\-—]*(?:相关(?:新闻|阅读|链接|报道|文章|专题|稿件|推荐|资讯|信息|内容|附件|文件|解读|视频)|推荐(?:阅读|新闻|文章)|"
    r"热门(?:推荐|文章|评论|新闻|点击|排行|专题|标签)|猜你喜欢|更多(?:新闻|精彩|相关)|上一[篇条则]|下一[篇条则]|本类新闻|热点(?:搜索|新闻|推荐|专题)|"
    r"今日热点|标签|关键词|精彩(?:推荐|回顾|图片|视频(?:推荐)?)|网友(?:评论|留言)|最新(?:评论|文章|新闻)|友情链接|延伸阅读|媒体链接|新闻排行|点击排行|图片新闻|"
    r"值班总编推荐|附件下载|分享到|评论列表|发表评论|我来说两句|大家都在看|编辑推荐|热点视频|专题推荐|(?:本文|文章|内容)导航)"
    r"[\s】\])）:：>》…\-—]*(?:更多\W*)?$"
)
_RELATED_ITEM = re.compile(
    r"^[\s【\[·•●>»-]*(?:[上下]一?[篇条则](?:稿件|新闻|文章)?|Prev(?:ious)?|Next)\s*[】\]]?\s*[:：]"
)
_CLOSING = re.compile(
    r"^[\s*※【\[(（《]*(?:免责声明|平台声明|版权声明|版权与免责|版权说明|版权及免责|特别声明|郑重声明|声明\s*[:：]|凡本[网站报]|凡注明|凡(?:是)?来源|本网(?:站)?(?:转载|未注明|所有|注明)|"
    r"本[网站](?:转载|刊登|部分)|以上(?:只是|仅|内容仅|言论)|本文(?:仅代表|内容仅|系转载|来源于网络|为转载)|未经(?:本网|书面|授权|许可)|转载请注明|"
    r"如需转载|版权所有(?![者人])|\S{0,8}(?:主办|承办)(?:单位)?\s*[:：].{0,60}(?:版权|ICP|备案)|\S{0,10}独家稿件.{0,6}转载|Copyright|©|网站标识码|违法和不良信息|\S{0,30}ICP备)",
    re.IGNORECASE,
)
_RIGHTS = re.compile(r"版权与免责声明|版权所有[,，]?\s*未经|All Rights Reserved", re.IGNORECASE)
"""The same where a name stands before it."""
_LONGEST_NAME = 40
_RIGHTS_WITHIN = _LONGEST_NAME + 20


_CLOCK = re.compile(
    r"^\W*(?:(?:今天|今日|现在)(?:是)?|(?:当前|现在|北京)(?:时间|日期)(?:是)?)\s*[:：]?\s*"
    rf"(?:公元\s*)?(?:{_DAY}|\d{{1,2}}\s*月\s*\d{{1,2}}\s*日|\d{{1,2}}:\d\d(?::\d\d)?)(?=$|[\s(（|]|星期|周|农历)"
)
_DRAWN_AT = re.compile(
    r"^\W*(?:(?:本页|页面|网页|本页面)(?:静态)?(?:生成|缓存|加载|刷新|打印)(?:的?时间|日期|于)|(?:服务器|系统)(?:当前)?时间|"
    r"(?:现在|当前|目前)(?:是|的)?北京时间)(?:是|为)?\s*[:：]?\s*(?=\d)"
    rf"(?:{_DATE}\s*)?(?:\d{{1,2}}\s*[:时]\s*\d{{1,2}}(?:\s*[:分]\s*\d{{1,2}}\s*秒?|分)?)?\s*"
    r"(?:[。!！]|[,，](?:祝|欢迎|感谢|请|您)[^,，。;；]{0,16}[。!！]?)?$"
)
"""页面生成时间:2026-11-23 12:36:51. A story that begins with a moment (现在是北京时间8时15分,飞船点火升空) goes on."""
_STAMPED = re.compile(
    rf"^\W*(?=.*\d)(?:GMT[+-]\d+\s*,\s*{_DATE}[\s\d:]*,\s*)?(?:(?:this\s+)?(?:page|site)\s+)?(?:was\s+)?"
    r"(?:generated|rendered|cached|processed|executed)\s+(?:in|at|on)\s"
    r"(?:[\d\s.:,;/()+\-–—|T]|(?:seconds?|secs?|ms|s|quer(?:y|ies)|with|memory|[KM]B|gzip|(?:en|dis)abled|GMT|UTC|on|at)\b)+$",
    re.IGNORECASE,
)
"""Page generated in 0.34s, 2025-06-08 12:10:16: a publishing system's own stamp, which says nothing but figures."""
_COMMENTS = re.compile(
    r"^[\s【\[|]*(?:(?:网友|最新|热门|全部|精彩|所有|相关)(?:评论|跟帖|留言)|评论列表|评论区|发表评论|我来说两句|我要评论|跟帖评论)"
    r"(?:\s*[(（]?\d*\s*条?[)）]?)?[\s】\]|]*$"
)
_REPRINT_TERMS = re.compile(r"^.{0,12}凡(?:是)?(?:本[网站报台])?[^,，。]{0,8}注明.{0,10}来源.{0,40}作品")
_OWN = ("本网", "本站")
_INFRINGED = re.compile(r"[如若][^。;；]{0,24}(?:侵犯|侵权)")
_BORROWED = re.compile(r"转载|转自|[来摘][自源]|互联网|删除")
_REMOVED = re.compile(r"[将会请][^。;；]{0,24}(?:收到|接到|核实|联系)[^。;；]{0,24}(?:删除|撤下|下线)")


_IMPRINT = re.compile(
    r"版权所有(?![者人])|Copyright|©|All Rights Reserved|ICP\s*[备证]|公网安备|网站标识码|技术支持\s*[:：]|"
    r"地\s*址\s*[:：;].{4,60}?(?:邮\s*编|邮政编码).{0,20}\d{6}|违法和不良信息举报",
    re.IGNORECASE,
)


_BUTTON_BEHIND = re.compile(r"\s*返回[^\s,，。]{1,8}[,，]\s*查看更多\s*$")
_SPACED = re.compile(r"(?<=[\u3400-\u9fff]) (?=[\u3400-\u9fff])")
"""The space in 版 权 所 有, as imprints are set."""


def is_imprint(text: str) -> bool:
    """Whether a canonical line is a site's imprint: owner, licence number, postal address."""
    return len(text) <= 2 * LABEL_LINE and "。" not in text and _IMPRINT.search(_SPACED.sub("", text)) is not None


def is_clock(text: str) -> bool:
    """Whether a canonical line tells the day of the visit (今天是2026年11月16日 星期一 15:03:47), or when it was drawn.

    A sentence that begins so (今天是2021年最后一个工作日。) is none.
    """
    if len(text) > LABEL_LINE:
        return False
    if _DRAWN_AT.match(text) or _STAMPED.match(text):
        return True
    return "。" not in text and _CLOCK.match(text) is not None


def is_furniture(text: str) -> bool:
    """Whether a whole canonical line is furniture: buttons, counters, label lines, QR hints."""
    return len(text) <= 3 * LABEL_LINE and _is_furniture(text)


@lru_cache(maxsize=8192)
def _is_furniture(text: str) -> bool:
    if len(text) <= LABEL_LINE:
        if _BEGINS.match(text) or _HANDLED.match(text):
            return "。" not in text[:-1]
        if _BEGINS_PLAIN.match(text) or _RELATED_ITEM.match(text) or _COUNTER.match(text):
            return "。" not in text
        return _is_widgets(text) or is_clock(text)
    return _is_widgets(text)


def _is_widgets(text: str) -> bool:
    if not text or _MARKS.fullmatch(text):
        # A lone number or mark is a counter's or a button's; a row of figures in a table is not asked about.
        return len(text) <= 6
    return _ONLY_WIDGETS.fullmatch(text) is not None


def is_label_line(text: str, *, head: bool) -> bool:
    """Whether a canonical line says who, whence or when, as it may stand above or below a body.

    Inside a body the same words are the story's (时间:9月20日 in a notice), so only lines at its edges are asked about;
    ``head`` is for those above, where a bare 时间 or 日期 is a label as well.
    """
    return len(text) <= LABEL_LINE and _is_label_line(text, head)


@lru_cache(maxsize=8192)
def _is_label_line(text: str, head: bool) -> bool:
    if "。" in text:
        return False
    labels = len(_SEVERAL.findall(text))
    if labels >= 2 or (labels and head and _MOMENT.search(text) and not _EVENT.match(text)):
        return True
    if head and len(text) <= _LONGEST_DAY and _DAY_IN_BOXES.fullmatch(text):
        return True
    if not head and _TAGS.fullmatch(text):
        return True
    if _EDGE.match(text):
        return True
    clocked = head and _CENTURY.search(text) is not None and _PRESS_AND_CLOCK.match(text) is not None
    return clocked or (head and _HEAD.match(text) is not None)


def without_button(text: str) -> str:
    """A paragraph without the button that is set behind its last word (返回某网,查看更多)."""
    return _BUTTON_BEHIND.sub("", text) if text.endswith("查看更多") else text


def is_signature(text: str) -> bool:
    """Whether a canonical line signs an article: who edited or answered for it. What stands below is the page's."""
    return len(text) <= LABEL_LINE and (_BEGINS.match(text) is not None or _HANDLED.match(text) is not None)


def begins_related(text: str) -> bool:
    """Whether a canonical line heads a block of other articles (相关新闻, 上一篇 …)."""
    return len(text) <= LABEL_LINE and _begins_related(text)


@lru_cache(maxsize=8192)
def _begins_related(text: str) -> bool:
    return _RELATED.match(text) is not None or _RELATED_ITEM.match(text) is not None


def begins_comments(text: str) -> bool:
    """Whether a canonical line heads what readers say of an article."""
    return _COMMENTS.match(text) is not None


def is_reprint_terms(text: str) -> bool:
    """Whether a canonical line is a site's terms for reprints (凡本网注明“来源:…”的所有作品 …), which are no story."""
    return _REPRINT_TERMS.match(text) is not None


def is_removal_terms(text: str) -> bool:
    """Whether a canonical line is what a site says to those whose rights its reprints infringe.

    That others use its name (如发现冒用本网名义侵权的,请举报) is what a statement says.
    """
    if not any(own in text for own in _OWN) or len(text) > _LONGEST_TERMS:
        return False
    return _REMOVED.search(text) is not None or (
        _INFRINGED.search(text) is not None and _BORROWED.search(text) is not None
    )


def begins_closing(text: str) -> bool:
    """Whether a canonical line opens what ends a page: disclaimers, copyright, the site's imprint."""
    return _begins_closing(text[:_LONGEST_OPENING])


@lru_cache(maxsize=8192)
def _begins_closing(opening: str) -> bool:
    if _CLOSING.match(opening):
        return True
    rights = _RIGHTS.search(opening[:_RIGHTS_WITHIN])
    return rights is not None and rights.start() <= _LONGEST_NAME and "。" not in opening[: rights.start()]
