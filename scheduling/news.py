"""What re-planning changed, as sentences in Japanese and English: who is told what, and which seats are free now."""

from collections.abc import Callable, Iterator

from scheduling.freed import Candidate, Freed
from scheduling.problem import Problem
from scheduling.replan import Replan
from scheduling.solution import Meeting

Name = Callable[[str], str]
_LANGUAGES = ("ja", "en")
_TEXTS = {
    "nothing": ("変更はありません。", "Nothing changes."),
    "summary": (
        "変更{moved}件、取消し{dropped}件、追加{added}件。{people}名に知らせます: {who}。",
        "{moved} moved, {dropped} called off, {added} new. To be told, {people} people: {who}.",
    ),
    "nobody": (
        "変更{moved}件、取消し{dropped}件、追加{added}件。公表済みの面談は変わりません。",
        "{moved} moved, {dropped} called off, {added} new. No published meeting changes.",
    ),
    "moved": (
        "{what}: {slot}の{table}から{to_slot}の{to_table}に移ります。",
        "{what} moves from {slot} at {table} to {to_slot} at {to_table}.",
    ),
    "dropped": ("{what}: {slot}の{table}の面談は行えません。", "{what} at {slot}, {table}, cannot be held."),
    "withdrawn": ("{what}: {slot}の{table}の面談は取り下げです。", "{what} at {slot}, {table}, is withdrawn."),
    "added": ("{what}: {slot}の{table}に入ります。", "{what} is now at {slot}, {table}."),
    "freed": ("{slot}の{table}が空きました。{more}", "{table} is free at {slot}.{more}"),
    "idle": ("手が空く参加者: {who}。", " Who has time then: {who}."),
    "now": ("すぐに入れられる希望: {who}。", " Could be put there now: {who}."),
    "later": ("{who}の手が空けば入る希望: {what}。", " If {who} had time: {what}."),
    "rules": ("決まりに触れるため入らない希望: {what}。", " Held back by a rule: {what}."),
}


def news(problem: Problem, found: Replan, *, name: Name = str, language: str = "ja") -> tuple[str, ...]:
    """One sentence on the whole, one for each meeting that changes, one for each seat that is free.

    `name` turns any id (participant, slot, table, request) into what people call it.
    """
    return tuple(_News(problem, name, language).lines(found))


class _News:
    """The reader's language, and the names of those who meet."""

    def __init__(self, problem: Problem, name: Name, language: str) -> None:
        self.parties = {one.id: one.participants for one in problem.requests}
        self.name, self.place = name, _LANGUAGES.index(language)
        self.joint = "・" if language == "ja" else ", "

    def lines(self, found: Replan) -> Iterator[str]:
        yield self._summary(found)
        for move in found.moved:
            to = {"to_slot": self.name(move.after.slot_id), "to_table": self.name(move.after.table_id)}
            yield self._say("moved", **self._about(move.before), **to)
        for code, meetings in (("dropped", found.dropped), ("withdrawn", found.withdrawn), ("added", found.added)):
            for meeting in meetings:
                yield self._say(code, **self._about(meeting))
        for seat in found.freed:
            yield self._seat(seat)

    def _summary(self, found: Replan) -> str:
        off = len(found.dropped) + len(found.withdrawn)
        if not (found.moved or found.added or off):
            return self._say("nothing")
        numbers = {"moved": str(len(found.moved)), "dropped": str(off), "added": str(len(found.added))}
        if not found.disturbed:
            return self._say("nobody", **numbers)
        return self._say("summary", **numbers, people=str(found.people), who=self._names(found.disturbed))

    def _seat(self, seat: Freed) -> str:
        more = self._say("idle", who=self._names(seat.idle)) if seat.idle else ""
        now = [one for one in seat.candidates if not one.in_the_way]
        more += self._say("now", who=self.joint.join(self._what(one.request_id) for one in now)) if now else ""
        more += "".join(self._candidate(one) for one in seat.candidates if one.in_the_way)
        return self._say("freed", slot=self.name(seat.slot_id), table=self.name(seat.table_id), more=more)

    def _candidate(self, one: Candidate) -> str:
        what = self._what(one.request_id)
        return self._say("later", who=self._names(one.needs), what=what) if one.needs else self._say("rules", what=what)

    def _about(self, meeting: Meeting) -> dict[str, str]:
        what = self._what(meeting.request_id)
        return {"what": what, "slot": self.name(meeting.slot_id), "table": self.name(meeting.table_id)}

    def _what(self, request_id: str) -> str:
        """The request with those who meet; of a withdrawn one they are not known any more."""
        parties = self.parties.get(request_id)
        return f"{self.name(request_id)} ({self._names(parties)})" if parties else self.name(request_id)

    def _names(self, ids: tuple[str, ...]) -> str:
        return self.joint.join(self.name(one) for one in ids)

    def _say(self, code: str, **values: str) -> str:
        return _TEXTS[code][self.place].format_map(values)
