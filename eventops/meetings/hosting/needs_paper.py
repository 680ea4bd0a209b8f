"""The ニーズ一覧 as one PDF to hand out: the open needs as guests may read them."""

import datetime as dt
from collections.abc import Sequence

from eventops import wareki
from eventops.events.models import Event
from eventops.meetings import words
from eventops.meetings.models import Need
from eventops.typeset import typeset
from eventops.urls import absolute

NOTICE = (
    "初回の面談では秘密情報を開示せず、公開済みの内容の範囲でお話しください。"
    "詳しい技術情報は、秘密保持契約を結んだ後にお伝えください。"
)


def needs_pdf(event: Event, needs: Sequence[Need], *, now: dt.datetime) -> bytes:
    printed = f"{wareki.wareki_date(now)} {wareki.clock(now)}"
    data = {
        "title": f"ニーズ一覧 {event.title}",
        "imprint": {"event": event.title, "version": "", "printed": printed},
        "day": wareki.wareki_date(event.held_on),
        "notice": NOTICE,
        "address": absolute("meetings.public_needs", slug=event.slug),
        "needs": [_need(need) for need in needs],
    }
    return typeset("needs", data, at=now)


def _need(need: Need) -> dict[str, object]:
    closes = need.entries_close_at
    facts = {
        "技術分野": "、".join(need.required_tags),
        "段階": need.stage,
        "対象外": need.excluded,
        "面談の形": "オンライン" if need.online_only else "会場またはオンライン" if need.online_ok else "",
        "応募締切": f"{wareki.wareki_date(closes)} {wareki.clock(closes)}" if closes else "",
    }
    return {
        "code": need.code,
        "company": words.public_host(need),
        "unit": words.public_unit(need),
        "title": need.title,
        "text": need.description,
        "facts": [[name, text] for name, text in facts.items() if text],
    }
