"""How alike short Japanese texts are: character bigrams and trigrams weighted by rarity, as pure arithmetic."""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

_LENGTHS: Final = (2, 3)
_RUN: Final = re.compile(r"[一-鿿々]+|[ァ-ヴー]+|[a-z0-9]+")
_SHORTEST_TERM: Final = 2
_SHORTEST_KANJI: Final = 2
_SHORTEST_OTHER: Final = 3
_TERMS_SHOWN: Final = 5
RARE: Final = 1.0
"""A word in more than a third of all texts is no reason for anything."""

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Corpus:
    """How rare each piece of text is among all texts that are compared."""

    rarity: Mapping[str, float]

    def vector(self, text: str) -> Vector:
        """Length one, so that a long text is not alike to everything."""
        counts = Counter(grams(text))
        weights = {gram: (1 + math.log(count)) * self.rarity.get(gram, 0.0) for gram, count in counts.items()}
        length = math.sqrt(sum(weight * weight for weight in weights.values()))
        return {gram: weight / length for gram, weight in weights.items() if weight} if length else {}


def corpus(texts: Sequence[str]) -> Corpus:
    """What stands in every text says nothing about any of them."""
    seen = Counter(gram for text in texts for gram in set(grams(text)))
    return Corpus({gram: math.log((1 + len(texts)) / (1 + count)) for gram, count in seen.items()})


def likeness(one: Vector, other: Vector) -> float:
    """From 0, nothing in common, to 1, the same text."""
    small, large = sorted((one, other), key=len)
    return sum(weight * large.get(gram, 0.0) for gram, weight in small.items())


def grams(text: str) -> list[str]:
    """Pieces of words alone: what joins words in Japanese says nothing about technology."""
    return [
        run[start : start + length]
        for run in terms(text)
        for length in _LENGTHS
        for start in range(len(run) - length + 1)
    ]


def terms(text: str) -> list[str]:
    """Runs of kanji, of katakana, of Latin letters and digits."""
    folded = unicodedata.normalize("NFKC", text).lower()
    return [run for run in _RUN.findall(folded) if len(run) >= _SHORTEST_TERM]


def shared_terms(one: str, other: str, weights: Corpus) -> tuple[str, ...]:
    """What stands in words of both, as long as it can be, the rarest first."""
    inside = "\n".join(terms(other))
    found = {piece for term in terms(one) for piece in _common(term, inside)}
    telling = [piece for piece in found if _rarity(piece, weights) >= RARE * len(grams(piece))]
    by_rarity = sorted(telling, key=lambda term: (-_rarity(term, weights), term))
    return tuple(by_rarity[:_TERMS_SHOWN])


def _common(term: str, inside: str) -> Iterator[str]:
    start = 0
    while start < len(term):
        end = next((end for end in range(len(term), start, -1) if term[start:end] in inside), start)
        if end - start >= (_SHORTEST_KANJI if _is_kanji(term) else _SHORTEST_OTHER):
            yield term[start:end]
        start = max(end, start + 1)


def _is_kanji(term: str) -> bool:
    return "一" <= term[0] <= "鿿"


def _rarity(term: str, weights: Corpus) -> float:
    return sum(weights.rarity.get(gram, 0.0) for gram in grams(term))
