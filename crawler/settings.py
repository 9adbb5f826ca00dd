"""Scrapy's settings: polite first. What differs by site (delays, limits) the spider sets from the catalogue."""

from scrapy.settings import default_settings

BOT_NAME = "shixun"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"

# Guests: robots obeyed, one request at a time to a host, slower when it answers slowly.
ROBOTSTXT_OBEY = True
DOWNLOADER = "crawler.throttle.OneAtATime"
CONCURRENT_REQUESTS = 16
CONCURRENT_REQUESTS_PER_DOMAIN = 1
# What a response names goes to the scheduler, one after the other: so many tasks are made for every response.
CONCURRENT_ITEMS = 1
# Bytes of answers in hand from which no more are asked for: a page that is long to read holds up no other site.
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 32_000_000
DOWNLOAD_DELAY = 1.0
# A promised delay is a floor; by default Scrapy halves it now and then.
DOWNLOAD_DELAY_JITTER = 0.0
AUTOTHROTTLE_ENABLED = True
AUTOTHROTTLE_START_DELAY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0

DOWNLOAD_TIMEOUT = 30
DOWNLOAD_MAXSIZE = 10_000_000
DOWNLOAD_WARNSIZE = 0
REDIRECT_MAX_TIMES = 5
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 503, 504, 522, 524, 408, 429]

# Every answer is data to us, also a 404: the spider sees them all.
HTTPERROR_ALLOW_ALL = True
# A city page's own refresh is often the hijack; it is evidence, not a way to go.
METAREFRESH_ENABLED = False

# What is listed first is news, and read first.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
# The readers of these pages are Chinese. Of gzip alone the end can be told (see WholeBodyMiddleware).
DEFAULT_REQUEST_HEADERS = {
    "Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "Accept-Language": "zh-CN,zh;q=0.9",
    "Accept-Encoding": "gzip",
}
# A page of the web is never a file of this machine.
DOWNLOAD_HANDLERS = {"file": None, "data": None, "ftp": None, "s3": None}

DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
    "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.RobotsMiddleware": 100,
    "crawler.middlewares.BackoffRetryMiddleware": 550,
    "crawler.middlewares.WholeBodyMiddleware": 595,
    "crawler.middlewares.SiteCookiesMiddleware": 700,
    "crawler.middlewares.OwnSiteMiddleware": 50,
}
SPIDER_MIDDLEWARES = {"scrapy.spidermiddlewares.depth.DepthMiddleware": None}
EXTENSIONS = {
    "crawler.middlewares.ParentWatch": 0,
    "crawler.middlewares.PromptStop": 0,
    "crawler.claims.ClaimWatch": 0,
    "crawler.throttle.SiteThrottle": 0,
}
UNUSED = {"TelnetConsole", "RemoteControl", "AutoThrottle", "FeedExporter", "MemoryDebugger", "SpiderState"}
# A port that answers to anybody on this machine has no place in a crawler. What EXTENSIONS switches off by ``None``
# Scrapy loads all the same, here the machinery of a web server: so it is left out of what there is to switch off.
EXTENSIONS_BASE = {
    name: order for name, order in default_settings.EXTENSIONS_BASE.items() if name.rpartition(".")[2] not in UNUSED
}
TELNETCONSOLE_ENABLED = False
REMOTE_CONTROL_ENABLED = False

LOG_LEVEL = "INFO"
LOGSTATS_INTERVAL = 0.0
FEED_EXPORT_ENCODING = "utf-8"
