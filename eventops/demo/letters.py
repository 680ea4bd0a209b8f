"""The demonstration's letters: a mailing that waits to be looked at and sent, and a text of the event's own."""

import datetime as dt

from sqlalchemy.orm import Session

from eventops.events.models import Event
from eventops.mail.models import LetterText
from eventops.mailings import audience
from eventops.mailings.audience import Audience
from eventops.mailings.models import Mailing, MailingKind

PARKING = """{会社名}
{氏名} 様

いつもお世話になっております。{協会名}です。
当日の会場へのお越し方について、ご連絡いたします。

会場に駐車場はありません。海老名駅から路線バスをご利用ください。
受付は12時30分から、1階ロビーで行います。

{行事の案内}

{持ち物}

▼ お申込みの内容、参加証はこちらから
{専用ページ}

{署名}
"""
DAY_BEFORE = """{会社名}
{氏名} 様

「{行事名}」は、いよいよ明日です。
個別面談の方は、ご自分の最初の面談の15分前までに受付をお済ませください。

{行事の案内}

{お申込み内容}

{オンライン参加の方へ}

▼ 参加証の表示はこちらから(会場の受付でお見せください)
{専用ページ}

{交通案内}

{持ち物}

{署名}
"""


def add(session: Session, event: Event, *, now: dt.datetime) -> None:
    """A draft to the event's people and a reminder in its own words."""
    session.add(
        Mailing(
            event_id=event.id,
            kind=MailingKind.NOTICE,
            audience=audience.to_json(Audience()),
            subject="【{協会名}】会場へのお越し方({行事名})",
            body=PARKING,
            created_at=now,
            changed_at=now,
        )
    )
    session.add(
        LetterText(
            event_id=event.id,
            kind=MailingKind.REMINDER_DAY,
            language="ja",
            subject="【{協会名}】いよいよ明日です({行事名})",
            body=DAY_BEFORE,
            updated_at=now,
        )
    )
    session.flush()
