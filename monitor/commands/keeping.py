"""What the command line says of workers, of keeping and of moving an archive; ``monitor.commands.wording`` joins it."""

from __future__ import annotations

from collections.abc import Mapping

from crawler.faults import Lang

KEEPING: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        # the queue and its workers
        "queue": "队列: 等待 {0} 个站点  进行中 {1}  失败 {2}",
        "queue-oldest": "{0}  最早自 {1} 起等待",
        "worker": "抓取机: {0} ({1} 进程 {2})  自 {3} 起  同时 {4} 路  最近 {5}  {6}",
        "worker-lost": "抓取机: {0} ({1} 进程 {2})  自 {3} 起  失联: {5} 之后没有消息  {6}",
        "worker-idle": "空闲",
        "worker-more": "{0} 等 {1} 个站点",
        # backup, restore and prune
        "backed-up": "已备份到 {0} ({1} MB);它本身就是一个工作目录",
        "restored": "已恢复到 {0};接下来: shixun --home {0} doctor",
        "would-prune": "可清理: 早于 {1} 的 {0} 版原始网页,早于 {3} 的 {2} 版全文;首末版和有变化的版本都保留",
        "pruned": "已清理: {0} 个版本的原始网页,{1} 个版本的全文",
        "vacuumed": "数据库由 {0} MB 减到 {1} MB",
        "vacuum-hint": "空出的地方会留给新内容;要还给磁盘,请加 --vacuum",
        # export and import
        "export-lines": "导出 {0} 行",
        "import-lines": "导入 {0} 行",
        "exported": "已导出 {0} 条",
        "export-damaged": "{0} 份存下的网页已损坏,没有导出",
        "imported-kind": "{0}: 新收 {1},已有 {2}",
        "imported-others": "{0} 条没有收: 那些网页这里自己也看守着,两份历史不混在一起",
        "imported-pending": "{0} 次访问待比较: shixun compare",
        "records": "站点 版式 抓取 网页 版本 访问 变化",
        # migrate
        "move-copy": "复制",
        "move-verify": "核对",
        "move-index": "检索索引",
        "move-table": "  {0}  {1} 行  {2}",
        "moved": "已从 {0} 搬到 {1}: {2} 行,逐行核对无误",
        "moved-set": "请在 sites.yaml 写上这一行(密码照原样写),再启动服务:",
        "moved-env": "提示: 环境变量 SHIXUN_DATABASE 优先于 sites.yaml,也须改掉",
        "moved-on": "搬的时候旧库又有新内容写入,没有搬过去: 请停下所有服务和抓取,换一个空库再搬一次",
        # what the store met
        "storage-newer": "数据库由更新版本的市讯写成,请先升级程序: {0}",
        "storage-locked": "数据库正被另一进程占用,稍后再试: {0}",
        "storage-full": "磁盘已满,没有留下半截内容: {0}",
        "storage-down": "数据库打不开: {0}",
        "storage-body": "存下的一份网页已损坏: {0}",
        "storage-taken": "那个数据库不是空的,没有改动: {0}",
        "storage-alike": "搬过去的与原来的不同,已全部撤回: {0}",
        "storage-other": "存档出错: {0}",
    },
    "en": {
        "queue": "queue: {0} sites wait  {1} under way  {2} failed",
        "queue-oldest": "{0}  the first since {1}",
        "worker": "worker: {0} ({1} process {2})  since {3}  {4} at once  seen {5}  {6}",
        "worker-lost": "worker: {0} ({1} process {2})  since {3}  lost: no sign of life after {5}  {6}",
        "worker-idle": "idle",
        "worker-more": "{0} and others, {1} sites",
        "backed-up": "backed up to {0} ({1} MB), which is a home itself",
        "restored": "restored to {0}; next: shixun --home {0} doctor",
        "would-prune": "to prune: raw pages of {0} versions before {1}, text of {2} before {3}; first, last, told stay",
        "pruned": "pruned: raw pages of {0} versions, texts of {1} versions",
        "vacuumed": "the database went from {0} MB to {1} MB",
        "vacuum-hint": "the room is kept for what comes; --vacuum gives it back to the disk",
        "export-lines": "exporting: {0} lines",
        "import-lines": "importing: {0} lines",
        "exported": "exported {0} records",
        "export-damaged": "{0} kept pages are damaged and were left out",
        "imported-kind": "{0}: {1} new, {2} known",
        "imported-others": "{0} records left out: those pages are watched here too, and two histories are never mixed",
        "imported-pending": "{0} visits to compare: shixun compare",
        "records": "sites templates crawls pages versions visits changes",
        "move-copy": "copying",
        "move-verify": "verifying",
        "move-index": "search index",
        "move-table": "  {0}  {1} rows  {2}",
        "moved": "moved from {0} to {1}: {2} rows, each verified",
        "moved-set": "put this line into sites.yaml (with the password as it is), then start the service:",
        "moved-env": "note: SHIXUN_DATABASE in the environment comes before sites.yaml; change it too",
        "moved-on": "the old archive was written to meanwhile, and that was left behind: stop all services and crawls, "
        "and move again into another empty database",
        "storage-newer": "{0}",
        "storage-locked": "{0}",
        "storage-full": "{0}",
        "storage-down": "{0}",
        "storage-body": "{0}",
        "storage-taken": "{0}",
        "storage-alike": "{0}",
        "storage-other": "{0}",
    },
}
