"""``python -m crawler.child SPIDER NAME=VALUE…``: one crawl, as ``scrapy crawl`` runs it, begun a third sooner.

Scrapy's command line loads all of its commands to run one; and while all that a crawl needs is being loaded there is
nothing for the collector of garbage to find.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from crawler.jsonlog import log_json, wants_json


def main() -> None:
    """Run the spider until it is done; ends with 1 where it could not begin."""
    gc.disable()
    spider, *given = sys.argv[1:]
    if not crawl(spider, given):
        sys.exit(1)


def crawl(spider: str, given: Sequence[str]) -> bool:
    """Run a spider with arguments ``NAME=VALUE`` until it is done; whether it could begin. Once in a process."""
    # Before all else: Scrapy's TLS looks through every module that is loaded, for each frame that waits for it.
    import scrapy.core.downloader.handlers.http11  # noqa: F401
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    settings = get_project_settings()
    # Scrapy would load every spider to find the one that is asked for.
    settings.set("SPIDER_MODULES", [f"crawler.spiders.{spider}"], priority="cmdline")
    if wants_json():
        settings.set("LOG_ENABLED", False, priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    if wants_json():
        log_json(lambda: _at_work(process.crawlers))
    process.crawl(spider, **dict(word.split("=", 1) for word in given))
    gc.freeze()
    gc.enable()
    process.start()
    return not process.bootstrap_failed


def _at_work(crawlers: Iterable[Any]) -> dict[str, str]:
    """The run that a line of the log belongs to, and its site where there is but one."""
    spiders = [crawler.spider for crawler in crawlers if crawler.spider is not None]
    if len(spiders) != 1 or not hasattr(spiders[0], "run"):
        return {}
    sites = [site.key for site in spiders[0].sites]
    return {"run": spiders[0].run, **({"site": sites[0]} if len(sites) == 1 else {})}


if __name__ == "__main__":
    main()
