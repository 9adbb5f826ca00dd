# Two commands matter: `make run` shows Shixun at work on a made city, `make test` proves it.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: help setup run test lint unit seeds bench-quality bench-extract bench-mutations \
  bench-signal bench-hijacks bench-upheavals bench-reprints bench-lookups bench-recrawl \
  bench-crawl bench-peers bench-store bench-calm bench-workers bench-scale bench-digest bench-screens \
  bench-search bench-replay screenshots check-deploy lock clean

help:
	@echo "make run    the demonstration: a made city is crawled, kept, compared and told"
	@echo "make test   ruff, mypy, import-linter and pytest"
	@echo "make setup  only the environment in .venv (both commands above do it by themselves)"
	@echo "make seeds  the recorded sites beside the project, through their three rounds"
	@echo "make bench-quality    how well pages with gold are read, ours and those beside the project"
	@echo "make bench-extract    how fast pages are read, and in how much memory, beside trafilatura"
	@echo "make bench-mutations  10,000 damaged pages, each answered or refused within bounds"
	@echo "make bench-signal     edits told and noise not told, on real pages with generated edits and noise"
	@echo "make bench-hijacks    hijacks found and honest changes left in peace, on real pages"
	@echo "make bench-upheavals  redesign, outage, firewall and upgrade of whole sites, told as one thing or not at all"
	@echo "make bench-reprints   copies found among 20,000 made articles"
	@echo "make bench-lookups    how long a copy is looked for among a million articles"
	@echo "make bench-recrawl    edits seen at equal requests, beside fixed intervals and an oracle"
	@echo "make bench-crawl      what a crawl costs beside a Scrapy crawl that parses nothing"
	@echo "make bench-peers      pages a second, CPU, memory and errors beside three other change monitors"
	@echo "make bench-calm       pages known to be as they were without reading them, and whether an edit hides there"
	@echo "make bench-workers    three workers on three machines, killed and cut off, beside an undisturbed run (as root)"
	@echo "make bench-scale      what 10,000, 100,000 and 1,000,000 pages do to what everything costs, and 10,000 crawls"
	@echo "make bench-digest     a day of 2,000 changes in an archive of 200,000 versions, told in time and in memory"
	@echo "make bench-screens    how long each page of that archive takes"
	@echo "make bench-search     how long words are looked for in it"
	@echo "make bench-replay     whether pywb replays the archive files of a crawled city, byte for byte"
	@echo "make bench-store      what is stored of a version, beside its HTML and beside zstd by itself"
	@echo "make screenshots  pictures of the pages for docs/screenshots, from the archive that make run leaves"
	@echo "make check-deploy  the units and the container file in deploy/; with IMAGE=--image the image is built and run"
	@echo "make lock   renew requirements.lock from pyproject.toml"

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(0 if (3, 11) <= sys.version_info[:2] < (3, 14) else 1)' || \
	  { echo "Shixun needs Python 3.11, 3.12 or 3.13; name one: make PYTHON=python3.12 setup"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' || \
	  { echo "this Python has no venv (on Debian: apt-get install python3-venv)"; exit 1; }
	@echo "setting up $(VENV), once; this takes about a minute"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

run: setup
	@$(BIN)/shixun demo

test: setup lint unit

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: setup
	$(BIN)/pytest

seeds: setup
	$(PYTHON) ../shared/tools/check_seed_rounds.py
	$(PYTHON) ../shared/tools/check_seed_rounds.py --no-validators

bench-quality: setup
	$(BIN)/python -m bench.quality tests/pages ../shared/pages

bench-extract: setup
	$(BIN)/python -m bench.extract

bench-mutations: setup
	$(BIN)/python -m bench.mutations

bench-signal: setup
	$(BIN)/python -m bench.signal --rounds 2

bench-hijacks: setup
	$(BIN)/python -m bench.hijacks

bench-upheavals: setup
	$(BIN)/python -m bench.upheavals

bench-reprints: setup
	$(BIN)/python -m bench.reprints

bench-lookups: setup
	$(BIN)/python -m bench.lookups

bench-recrawl: setup
	$(BIN)/python -m bench.recrawl

bench-crawl: setup
	$(BIN)/python -m bench.crawl

# Needs the network once, for the peers, each of which gets an environment of its own.
bench-peers: setup
	$(BIN)/python -m bench.peers

bench-calm: setup
	$(BIN)/python -m bench.calm ../shared/pages

# Needs root for network namespaces, and PostgreSQL's programs.
bench-workers: setup
	$(BIN)/python -m bench.workers

# Its archives are made once, the largest in a quarter of an hour, and kept: 5 GB.
bench-scale: setup
	$(BIN)/python -m bench.scale build/scale
	$(BIN)/python -m bench.scale_service

# Made once, in some minutes, and kept.
build/big: | setup
	$(BIN)/python -m bench.bigarchive build/big

bench-digest: setup build/big
	$(BIN)/python -m bench.digestday build/big

bench-screens: setup build/big
	$(BIN)/python -m bench.screens build/big

bench-search: setup build/big
	$(BIN)/python -m bench.search build/big

# Needs the network once, for pywb, which gets an environment of its own.
bench-replay: setup
	$(BIN)/python -m bench.replay --venv build/replay-venv

bench-store: setup
	$(BIN)/python -m bench.store

# Needs Chromium, and the archive that `make run` leaves.
screenshots: setup
	$(BIN)/python -m bench.screenshots out/demo/home

# Needs systemd-analyze, and the network once, for hadolint. The image wants root, buildah and mmdebstrap.
check-deploy: setup
	@sh deploy/check.sh $(IMAGE)

# Needs `pip install uv`. The lock holds names, versions and hashes, and no registry.
lock:
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --python-version 3.11 --extra dev --extra postgres pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
