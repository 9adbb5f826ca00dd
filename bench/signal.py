"""What the monitor tells of edits, and that it tells nothing else: edits and furniture of every kind, put into pages.

``python -m bench.signal [FOLDER] [--pages N] [--seed S] [--rounds R] [--show K]`` (``make bench-signal``) puts one edit
at a time into each page, as the site itself would and in its charset, and compares both states as a drain does; then
it lets furniture and markup move while the article stays. It prints recall, words, kinds, facts and weights by class
of edit, and false changes by class of noise; the exit status is 1 where a gate does not hold. ``--show K`` prints the
first K failures of each class.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random

from bench import edits, labelling, newsroom, planted
from bench.edits import Edited, Maker
from bench.judging import Verdict, judge
from bench.manuscript import Manuscript, manuscripts, reread
from bench.markup import REWRITES
from bench.noise import FURNITURE, crowded, furnished
from bench.pages import load_pages
from monitor.compare.pair import compare_pages
from storage.records import Article, Change

NOW = datetime(2026, 11, 23, 1, tzinfo=UTC)
ALL_RECALL, CLASS_RECALL, KINDS, FACTS, NOISE_PAIRS = 0.995, 0.98, 0.99, 0.97, 5000
"""The gates; the number of noise pairs is asked of a run over all pages only."""

EDITS: Mapping[str, Sequence[Maker]] = {
    "one character": (edits.one_character, edits.one_character),
    "figure": (edits.FIGURE, planted.planting(planted.figured("figure"))),
    "amount": (edits.AMOUNT, planted.planting(planted.figured("amount"))),
    "percentage": (edits.PERCENTAGE, planted.planting(planted.figured("percentage"))),
    "unit": (planted.planting(planted.unit),),
    "person": (planted.planting(planted.person),),
    "post": (planted.planting(planted.office),),
    "organisation": (planted.planting(planted.organisation),),
    "place": (planted.planting(planted.place),),
    "date in the text": (edits.date_in_text, planted.planting(planted.dated)),
    "document number": (planted.planting(planted.document),),
    "negation added": (planted.planting(planted.negation(added=True)),),
    "negation removed": (planted.planting(planted.negation(added=False)),),
    "sentence added": (partial(edits.sentence_added, said=newsroom.sentence),),
    "sentence deleted": (edits.sentence_deleted,),
    "sentence changed": (partial(edits.sentence_changed, said=newsroom.sentence),),
    "paragraph added": (partial(edits.paragraph_added, said=newsroom.sentence),),
    "paragraph deleted": (edits.paragraph_deleted,),
    "paragraph moved": (edits.paragraph_moved,),
    "title": (labelling.retitled,),
    "date later": (labelling.redated(earlier=False),),
    "date earlier": (labelling.redated(earlier=True),),
    "source": (labelling.resourced,),
    "attachment": (labelling.attached,),
    "typo mended": (edits.typo_mended,),
    "punctuation": (edits.punctuation,),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One pair: its class, the page, what was told, and the verdict (``None`` for a pair in which nothing changed)."""

    kind: str
    page: str
    change: Change | None
    verdict: Verdict | None = None
    truth: edits.Truth | None = None

    @property
    def wrong(self) -> bool:
        """Whether anything about it is not as it should be."""
        if self.verdict is None:
            return self.change is not None
        told = self.verdict
        return not (told.told and told.words and told.kind and told.facts is not False and told.weight is not False)


def compared(page: Manuscript, old: Article, new: Article) -> Change | None:
    """The change between two readings of a page, as a drain would tell it."""
    return compare_pages(old, new, url=page.url, now=NOW)


def edit_pairs(pages: Iterable[Manuscript], seed: int, rounds: int) -> Iterator[Told]:
    """Every class of edit, ``rounds`` times in every page that has room for it."""
    for page in pages:
        for kind, makers in EDITS.items():
            for round_ in range(rounds):
                dice = Random(f"{seed} {kind} {page.name} {round_}")
                made = next((found for maker in makers if (found := maker(page, dice))), None)
                if made:
                    yield _edited(kind, page, made)


def _edited(kind: str, page: Manuscript, made: Edited) -> Told:
    old = page.article if made.old == page.html else page.read(made.old)
    new = page.article if made.new == page.html else page.read(made.new)
    change = compared(page, old, new)
    return Told(kind, page.name, change, judge(made.truth, old, new, change), made.truth)


def noise_pairs(pages: Iterable[Manuscript], seed: int, rounds: int) -> Iterator[Told]:
    """Every class of noise, ``rounds`` times in every page that has room for it."""
    for page in pages:
        for kind in (*FURNITURE, "everything at once", *REWRITES):
            for round_ in range(rounds):
                states = _states(page, kind, Random(f"{seed} {kind} {page.name} {round_}"))
                if states and states[0] != states[1]:
                    old, new = (reread(body, page.url) for body in states)
                    yield Told(kind, page.name, compared(page, old, new))


def _states(page: Manuscript, kind: str, dice: Random) -> tuple[bytes, bytes] | None:
    if kind in REWRITES:
        return REWRITES[kind](page, dice)
    states = furnished(page, dice, kind) if kind in FURNITURE else crowded(page, dice)
    return (page.written(states[0]), page.written(states[1])) if states else None


def share(answers: Iterable[bool | None]) -> float:
    """The share of true answers among those that were judged; 1 where none was."""
    judged = [answer for answer in answers if answer is not None]
    return sum(judged) / len(judged) if judged else 1.0


def edit_table(found: Sequence[Told]) -> Iterator[str]:
    """The figures of the edits by class, a line each."""
    yield f"{'edits':20}{'pairs':>7}{'recall':>8}{'words':>8}{'kind':>8}{'facts':>8}{'weight':>8}"
    for kind in (*EDITS, "all"):
        verdicts = [t.verdict for t in found if t.verdict and kind in (t.kind, "all")]
        if verdicts:
            told = [v for v in verdicts if v.told]
            columns = (
                share(v.told for v in verdicts),
                share(v.words for v in told),
                share(v.kind for v in told),
                share(v.facts for v in told),
                share(v.weight for v in told),
            )
            yield f"{kind:20}{len(verdicts):7}" + "".join(f"{column:8.4f}" for column in columns)


def noise_table(found: Sequence[Told]) -> Iterator[str]:
    """The false changes by class of noise, a line each."""
    yield f"{'noise':20}{'pairs':>7}{'false':>8}"
    for kind in (*FURNITURE, "everything at once", *REWRITES, "all"):
        pairs = [told for told in found if kind in (told.kind, "all")]
        if pairs:
            yield f"{kind:20}{len(pairs):7}{sum(told.wrong for told in pairs):8}"


def breaches(edited: Sequence[Told], noise: Sequence[Told], *, whole: bool) -> Iterator[str]:
    """The gates that do not hold, in words. ``whole`` is whether all pages were read."""
    verdicts = [told.verdict for told in edited if told.verdict]
    recall = {kind: share(t.verdict.told for t in edited if t.verdict and t.kind == kind) for kind in EDITS}
    worst = min(recall, key=lambda kind: recall[kind])
    known = [verdict for verdict in verdicts if verdict.told]
    measured = (
        ("recall", share(v.told for v in verdicts), ALL_RECALL),
        (f"recall of {worst}", recall[worst], CLASS_RECALL),
        ("kinds", share(v.kind for v in known), KINDS),
        ("facts", share(v.facts for v in known), FACTS),
    )
    yield from (f"{name} {value:.4f} is below {gate}" for name, value, gate in measured if value < gate)
    false = sum(told.wrong for told in noise)
    if false:
        yield f"{false} false changes"
    if whole and len(noise) < NOISE_PAIRS:
        yield f"only {len(noise)} noise pairs"


def failures(found: Iterable[Told], limit: int) -> Iterator[str]:
    """The first failures of each class: the page, and what was told."""
    seen: dict[str, int] = {}
    for told in found:
        if told.wrong and seen.get(told.kind, 0) < limit:
            seen[told.kind] = seen.get(told.kind, 0) + 1
            change = told.change
            said = "nothing told"
            if change:
                words = "; ".join(f"{e.field} {e.op} {e.before[:60]!r} > {e.after[:60]!r}" for e in change.edits[:4])
                said = f"{change.kind} {change.weight} {words} {change.facts} {change.note or ''}"
            wanted = f"\n    wanted {told.truth}" if told.truth else ""
            yield f"  {told.kind} | {told.page} | {told.verdict}\n    {said}{wanted}"


def chosen_pages(folder: Path | None) -> tuple[str, list[Manuscript]]:
    """Where pages come from, and those that are articles: by the folder's index where it has one, and as they read."""
    origin, bodies = load_pages(folder)
    index = Path(origin) / "index.jsonl"
    rows = [json.loads(row) for row in index.read_text(encoding="utf-8").splitlines()] if index.is_file() else []
    others = {row["file"] for row in rows if row["kind"] != "article"}
    addresses = {row["file"]: row["url"] for row in rows if row.get("url")}
    return origin, list(manuscripts({name: body for name, body in bodies.items() if name not in others}, addresses))


def write(lines: Iterable[str]) -> None:
    """Print lines at once, so that a long run shows what it has."""
    sys.stdout.writelines(f"{line}\n" for line in lines)
    sys.stdout.flush()


def main() -> int:
    """Print the tables; 1 where a gate does not hold."""
    asked = argparse.ArgumentParser(prog="python -m bench.signal", description=__doc__.split("\n", 1)[0])
    asked.add_argument("folder", nargs="?", type=Path, help="a folder of *.html to edit")
    asked.add_argument("--pages", type=int, help="use only so many pages, spread over all")
    asked.add_argument("--seed", type=int, default=2026)
    asked.add_argument("--rounds", type=int, default=2)
    asked.add_argument("--show", type=int, default=0, metavar="K")
    given = asked.parse_args()
    origin, chosen = chosen_pages(given.folder)
    step = max(1, len(chosen) // given.pages) if given.pages else 1
    pages = chosen[::step]
    write([f"{len(pages)} pages of {origin}"])
    edited = list(edit_pairs(pages, given.seed, given.rounds))
    write([*edit_table(edited), ""])
    noise = list(noise_pairs(pages, given.seed, given.rounds))
    write([*noise_table(noise), *failures((*edited, *noise), given.show)])
    missed = list(breaches(edited, noise, whole=not given.pages))
    write(missed or ["all gates hold"])
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
