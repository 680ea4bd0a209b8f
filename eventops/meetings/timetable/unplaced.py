"""Requests without a place as the board lists them: why, with those of the same reason, and what would help."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eventops.meetings.models import Application
from eventops.meetings.timetable import planning, problems
from eventops.meetings.timetable.advice import Advice, key_of
from eventops.meetings.timetable.facts import Asked
from scheduling.explain import explain
from scheduling.problem import Problem
from scheduling.solution import Meeting, Reason, Remedy

Wish = Application | Asked
Say = Callable[[Reason | Remedy], str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A remedy on the page; only with `can_be_applied` it has a button."""

    key: str
    sentence: str
    gain: int
    can_be_applied: bool


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A request without a place: why, and what would help."""

    application: Wish
    sentence: str
    remedies: tuple[Offer, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """Requests that lack a place for one reason, with the remedies that help only them."""

    sentence: str
    applications: tuple[Wish, ...]
    offers: tuple[Offer, ...]


def unplaced(
    missing: Sequence[Wish], problem: Problem, placed: Sequence[Meeting], advice: Advice, say: Say
) -> tuple[Unplaced, ...]:
    """Each with the run's reason, or a fresh one where the board was changed since."""
    references = {one.id: problems.application_ref(one.id) for one in missing}
    if placed and any(one not in advice.reasons for one in references.values()):
        fresh: Mapping[str, Reason] = {one.request_id: one for one in explain(problem, placed, remedies=False)}
    else:
        fresh = {}
    return tuple(_unplaced(one, references[one.id], advice, fresh, say) for one in missing)


def _unplaced(application: Wish, reference: str, advice: Advice, fresh: Mapping[str, Reason], say: Say) -> Unplaced:
    reason = advice.reasons.get(reference) or fresh.get(reference)
    offers = (_offer(one, say) for one in advice.remedies.get(reference, ()))
    return Unplaced(application, say(reason) if reason else "", tuple(offers))


def with_reason(application: Wish, reason: Reason, say: Say) -> Unplaced:
    """As a run said it, with the run's own remedies."""
    return Unplaced(application, say(reason), tuple(_offer(one, say) for one in reason.remedies))


def _offer(remedy: Remedy, say: Say) -> Offer:
    return Offer(key_of(remedy), say(remedy), remedy.gain, planning.can_be_applied(remedy))


def offers_for_several(groups: Iterable[Group]) -> tuple[Offer, ...]:
    """What helps more than one group, best first: said once for all of them."""
    offers = {offer.key: offer for group in groups for offer in group.offers}
    times = Counter(offer.key for group in groups for offer in group.offers)
    several = [offer for key, offer in offers.items() if times[key] > 1]
    return tuple(sorted(several, key=lambda offer: -offer.gain))


def grouped(requests: Sequence[Unplaced]) -> tuple[tuple[Group, ...], tuple[Offer, ...]]:
    """The list by reason, and beside it the remedies that help several groups."""
    by_reason: dict[str, list[Unplaced]] = {}
    for one in requests:
        by_reason.setdefault(one.sentence, []).append(one)
    groups = tuple(_group(sentence, members) for sentence, members in by_reason.items())
    shared = offers_for_several(groups)
    keys = {offer.key for offer in shared}
    own = (Group(one.sentence, one.applications, tuple(o for o in one.offers if o.key not in keys)) for one in groups)
    return tuple(own), shared


def _group(sentence: str, members: Sequence[Unplaced]) -> Group:
    offers = {offer.key: offer for one in members for offer in one.remedies}
    ranked = sorted(offers.values(), key=lambda offer: -offer.gain)
    return Group(sentence, tuple(one.application for one in members), tuple(ranked))
