"""An event as plain text, for the newsletter and for pasting: what, when, where, the parts, the fee, how to apply."""

import unicodedata

from flask_babel import gettext as _

from eventops.events import pages
from eventops.events.pages import FeeRow, GuestEvent

WIDTH = 40


def block(page: GuestEvent, *, url: str) -> str:
    """今後の予定, one event."""
    event = page.event
    lines = [f"■ {page.title}", _line(_("日時"), page.when)]
    place = " ".join(filter(None, (event.venue_name, event.venue_address)))
    lines += [_line(_("会場"), place)] if place else []
    lines += [_part(one) for one in page.parts]
    lines += [_line(word, "、".join(names)) for word, names in page.hosts]
    lines.append(_line(_("対象"), str(page.eligibility)))
    lines.append(_line(_("参加費"), "、".join(map(_fee, page.fees)) or str(_("無料"))))
    lines += [_line(_("申込締切"), page.deadline), _line(_("お申込み"), url)]
    return "\n".join(lines)


def blocks(entries: list[tuple[GuestEvent, str]]) -> str:
    """Several events, with rules between them and the sentence that plans may change."""
    rule = "\n" + "-" * WIDTH + "\n"
    text = rule.join(block(page, url=url) for page, url in entries)
    return f"{text}\n\n{_('※予定は変更になる可能性があります。')}"


def report(page: GuestEvent, figures: list[tuple[str, str]]) -> str:
    """実施報告: a beginning with what is known, for a person to go on writing."""
    event = page.event
    lines = [f"■ {page.title}", _line(_("開催日"), pages.day_words(event)), _line(_("会場"), event.venue_name)]
    lines += [_line(label, value) for label, value in figures]
    speakers = [item.speaker for part in page.parts for item in part.programme if item.speaker]
    lines += [_line(_("講師・登壇者"), "、".join(speakers))] if speakers else []
    lines += [_line(word, "、".join(names)) for word, names in page.hosts]
    return "\n".join(lines)


def _part(part: pages.GuestPart) -> str:
    head = "　".join(filter(None, (part.title, part.when, part.place)))
    rows = [f"　　{pages.item_words(item)}" for item in part.programme]
    planned = [_("　　企画: %(name)s", name=part.planned_by)] if part.planned_by else []
    return "\n".join([f"　{head}", *planned, *rows])


def _line(label: object, text: str) -> str:
    """The labels stand above one another in a fixed pitch."""
    word = str(label)
    width = sum(2 if unicodedata.east_asian_width(sign) in "WFA" else 1 for sign in word)
    return f"{word}{' ' * max(8 - width, 0)}: {text}"


def _fee(row: FeeRow) -> str:
    prices = [
        f"{word} {yen:,}{_('円')}" if yen else f"{word} {_('無料')}"
        for word, yen in ((_("会員"), row.member), (_("一般"), row.general))
        if yen is not None
    ]
    return f"{row.label} {' / '.join(prices)}({_('税込')})"
