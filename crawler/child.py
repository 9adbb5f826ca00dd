"""``python -m crawler.child SPIDER NAME=VALUE…``: one crawl, as ``scrapy crawl`` runs it, begun a third sooner.

Scrapy's command line loads all of its commands to run one; and while all that a crawl needs is being loaded there is
nothing for the collector of garbage to find.
"""

from __future__ import annotations

import gc
import sys


def main() -> None:
    """Run the spider until it is done; ends with 1 where it could not begin."""
    gc.disable()
    # Before all else: Scrapy's TLS looks through every module that is loaded, for each frame that waits for it.
    import scrapy.core.downloader.handlers.http11  # noqa: F401
    from scrapy.crawler import AsyncCrawlerProcess
    from scrapy.utils.project import get_project_settings

    spider, *given = sys.argv[1:]
    settings = get_project_settings()
    # Scrapy would load every spider to find the one that is asked for.
    settings.set("SPIDER_MODULES", [f"crawler.spiders.{spider}"], priority="cmdline")
    process = AsyncCrawlerProcess(settings)
    process.crawl(spider, **dict(word.split("=", 1) for word in given))
    gc.freeze()
    gc.enable()
    process.start()
    if process.bootstrap_failed:
        sys.exit(1)


if __name__ == "__main__":
    main()
