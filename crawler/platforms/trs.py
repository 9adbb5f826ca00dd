"""TRS WCM (拓尔思): ``/202104/t20210409_1283.html`` under ``index.html``, ``index_1.html`` …"""

from crawler.platforms.platform import Paging, Platform, patterns

PLATFORM = Platform(
    name="trs",
    chinese="拓尔思 TRS WCM",
    marks=(
        "trs_editor",
        "trs_ueditor",
        "createpagehtml(",
        "dochtmlcon",
    ),
    articles=patterns(r"/\d{6}/t\d{8}_\d+\.s?html?"),
    columns=patterns(r"/index(?:_\d+)?\.s?html?$"),
    bodies=(".trs_editor", ".trs_editor_view", ".trs_ueditor", "#dochtmlcon"),
    paging=Paging.SUFFIX,
    decisive=True,
)
