"""Which companies could answer which needs though they have not applied: the ranking, with the reason for each pair."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from eventops.meetings.suggesting import similarity

TAG_WORTH: Final = 0.5
LEAST: Final = 0.25
"""Below this a pair would look arbitrary: half of the tags, or a text that is a quarter alike."""


@dataclass(frozen=True, slots=True)
class Sought:
    """A need as far as the comparison looks at it; `barred` are companies that it must not be told of."""

    id: int
    tags: Collection[str]
    text: str
    barred: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """A company as far as the comparison looks at it."""

    id: int
    tags: Collection[str]
    text: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A pair with what speaks for it."""

    need_id: int
    company_id: int
    score: float
    tags: tuple[str, ...]
    terms: tuple[str, ...]


def suggest(needs: Sequence[Sought], companies: Sequence[Offered], *, most: int) -> Sequence[Suggestion]:
    """The best for every need, the most alike first."""
    weights = similarity.corpus([*(one.text for one in needs), *(one.text for one in companies)])
    vectors = {one.id: weights.vector(one.text) for one in companies}
    found: list[Suggestion] = []
    for need in needs:
        wanted = weights.vector(need.text)
        ranked = sorted(
            (_judged(need, one, similarity.likeness(wanted, vectors[one.id])) for one in _free(need, companies)),
            key=lambda pair: (-pair.score, pair.company_id),
        )
        by_id = {one.id: one for one in companies}
        found += [
            _with_terms(need, by_id[pair.company_id], pair, weights) for pair in ranked[:most] if pair.score >= LEAST
        ]
    return found


def _free(need: Sought, companies: Iterable[Offered]) -> Iterable[Offered]:
    return (one for one in companies if one.id not in need.barred)


def _judged(need: Sought, company: Offered, likeness: float) -> Suggestion:
    shared = tuple(tag for tag in need.tags if tag in company.tags)
    by_tags = TAG_WORTH * len(shared) / len(need.tags) if need.tags else 0.0
    return Suggestion(need.id, company.id, round(by_tags + (1 - TAG_WORTH) * likeness, 4), shared, ())


def _with_terms(need: Sought, company: Offered, pair: Suggestion, weights: similarity.Corpus) -> Suggestion:
    terms = similarity.shared_terms(need.text, company.text, weights)
    return Suggestion(pair.need_id, pair.company_id, pair.score, pair.tags, terms)


def by_need(found: Iterable[Suggestion]) -> dict[int, list[Suggestion]]:
    grouped: defaultdict[int, list[Suggestion]] = defaultdict(list)
    for one in found:
        grouped[one.need_id].append(one)
    return dict(grouped)
