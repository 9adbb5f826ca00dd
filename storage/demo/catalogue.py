"""The sites of the made prefecture of Qichuan (栖川市): who publishes what, on which system, in which encoding."""

from __future__ import annotations

from storage.demo.truth import CityColumn, CitySite

GOVERNMENT = ("meeting", "inspect", "project", "policy", "industry", "audit", "honour", "farm", "weather")
"""What a government's news column is about."""
NEWS = (
    "community", "traffic", "meeting", "education", "health", "tourism", "safety", "farm", "project", "sport",
    "honour", "industry", "weather", "inspect",
)  # fmt: skip
"""What a newspaper's or a portal's column is about."""
LIFE = ("community", "health", "traffic", "education", "safety", "sport", "weather", "tourism")
"""What a column on daily life is about."""
NOTICES = ("formal", "short", "table", "personnel", "policy", "short", "audit")
"""What a column of notices holds."""

SCHOOLS = ("education", "sport", "meeting", "education")
"""What the education bureau's news column is about."""
OFFICE = ("traffic", "project", "short", "meeting")
"""What the transport bureau's one column holds."""

DATA_PROXY = "/module/web/jpage/dataproxy.jsp"
"""Where JCMS serves further records of a list."""

_ROBOTS = "User-agent: *\nDisallow: /nbzl/\n"
FORBIDDEN = ("qichuan", "/nbzl/202611/t20261112_30990.html")
"""A page that a list links to and robots.txt forbids: site key and path. No truth speaks of it."""
FORBIDDEN_TITLE = "内部资料：每周信息摘编2026年第44期（仅供工作人员参阅）"
"""The title that the list shows it by."""

SITES: tuple[CitySite, ...] = (
    CitySite(
        "qichuan", "栖川市人民政府", "trs", "www.qichuan.example",
        (
            CityColumn("zwyw", "政务要闻", "/zwyw/", 301, GOVERNMENT, 20, 8),
            CityColumn("tzgg", "通知公告", "/tzgg/", 302, NOTICES, 12, 15),
        ),
        validators="both", publisher="市政府办公室", robots=_ROBOTS, header="utf-8",
    ),
    CitySite(
        "wangxi", "望汐区人民政府", "jcms", "www.wangxi.example",
        (
            CityColumn("wxyw", "望汐要闻", "/col/col1021/index.html", 1021, GOVERNMENT, 14, 24),
            CityColumn("gsgg", "公示公告", "/col/col1022/index.html", 1022, NOTICES, 14, 6),
        ),
        publisher="望汐区融媒体中心", byline="tail", given=(("place", "望汐区"),), robots="User-agent: *\nAllow: /\n",
    ),
    CitySite(
        "jiaoyu", "栖川市教育局", "vsb", "jyj.qichuan.example",
        (
            CityColumn("jydt", "教育动态", "/jydt.htm", 1003, SCHOOLS, 16, 8),
            CityColumn("tzgg", "通知公告", "/tzgg.htm", 1004, NOTICES, 8, 12),
        ),
        validators="etag", publisher="栖川市教育局", byline="label", header="UTF-8", bom=True,
        given=(("bureau", "市教育局"),),
    ),
    CitySite(
        "xueyuan", "栖川职业技术学院", "sudy", "www.qczy.example",
        (CityColumn("xyxw", "学院新闻", "/8955/list.htm", 8955, ("education", "sport", "honour", "industry"), 16, 10),),
        validators="modified", publisher="党委宣传部", byline="label", given=(("school", "栖川职业技术学院"),),
    ),
    CitySite(
        "ribao", "栖川日报", "founder", "epaper.qcrb.example",
        (CityColumn("paper", "栖川日报数字报", "/", 1, NEWS, 20, 5),),
        validators="modified", publisher="栖川日报", byline="lead", header="utf-8",
    ),
    CitySite(
        "xinwen", "栖川新闻网", "phpcms", "www.qcnews.example",
        (
            CityColumn("yaowen", "要闻", "/yaowen/", 9, NEWS, 18, 10),
            CityColumn("minsheng", "民生", "/minsheng/", 12, LIFE, 16, 10),
        ),
        publisher="栖川新闻网", byline="lead", header="utf-8",
    ),
    CitySite(
        "wugang", "梧岗区人民政府", "ucap", "www.wugang.example",
        (
            CityColumn("wgdt", "梧岗动态", "/site/c100186/list.shtml", 100186, GOVERNMENT, 14, 8),
            CityColumn("tzgg", "通知公告", "/site/c100190/list.shtml", 100190, NOTICES, 10, 15),
        ),
        validators="both", publisher="梧岗区政府网", byline="tail", given=(("place", "梧岗区"),),
    ),
    CitySite(
        "tangting", "棠汀新闻网", "dede", "www.ttxw.example",
        (
            CityColumn("xinwen", "棠汀新闻", "/a/xinwen/", 2, NEWS, 16, 8),
            CityColumn("xiangzhen", "乡镇传真", "/a/xiangzhen/", 5, ("farm", "community", "safety", "honour"), 10, 12),
        ),
        encoding="gb18030", declared="gb2312", publisher="棠汀新闻网", byline="lead", given=(("place", "棠汀县"),),
    ),
    CitySite(
        "chengtang", "澄塘区人民政府", "nfcms", "www.chengtang.example",
        (
            CityColumn("xwzx", "新闻资讯", "/xwzx/index.html", 11, GOVERNMENT, 14, 10),
            CityColumn("tzgg", "通知公告", "/tzgg/index.html", 12, NOTICES, 10, 15),
        ),
        publisher="澄塘发布", byline="tail", header="utf-8", given=(("place", "澄塘区"),),
    ),
    CitySite(
        "jiaotong", "栖川市交通运输局", "asp", "jtj.qichuan.example",
        (CityColumn("gzdt", "工作动态", "/newslist.asp?classid=3", 3, OFFICE, 18, 10),),
        encoding="gb18030", declared="gb2312", header="utf-8", publisher="局办公室", byline="label",
        given=(("bureau", "市交通运输局"),),
    ),
    CitySite(
        "guangdian", "栖川广电网", "cmstop", "www.qctv.example",
        (CityColumn("news", "新闻", "/news/", 4, NEWS, 18, 18, kept=18),),
        publisher="栖川广播电视台", byline="lead", header="UTF-8", validators="etag",
    ),
)  # fmt: skip


def site_of(key: str) -> CitySite:
    """The site of that key; ``KeyError`` if there is none."""
    for site in SITES:
        if site.key == key:
            return site
    raise KeyError(key)
