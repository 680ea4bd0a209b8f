"""From a letter's row to an RFC 5322 message."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from flask_babel import force_locale
from flask_babel import gettext as _

from eventops.mail.attachments import Attachment
from eventops.mail.models import Letter


@dataclass(frozen=True, slots=True)
class Sender:
    """Who the letters come from, and where answers go."""

    name: str
    email: str

    @property
    def domain(self) -> str:
        return self.email.rpartition("@")[2] or "localhost"


def compose(
    letter: Letter,
    attachments: Sequence[Attachment],
    *,
    sender: Sender,
    reply_to: str,
    stop_url: str,
    now: dt.datetime,
) -> EmailMessage:
    """The message: plain text first, files behind it. Line breaks in names cannot become headers.

    With `stop_url`, mail programs offer to stop announcements with one press (RFC 8058).
    """
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(sender.name, sender.email)
    message["To"] = _address(letter.to_name, letter.to_email)
    if reply_to:
        message["Reply-To"] = _address("", reply_to)
    message["Subject"] = " ".join(letter.subject.split())
    message["Date"] = format_datetime(now)
    message["Message-ID"] = f"<{whole_id(letter.message_id, sender)}>"
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"
    if stop_url:
        message["List-Unsubscribe"] = f"<{stop_url}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Precedence"] = "bulk"
    message.set_content(f"{letter.body}{stopping_words(letter.language, stop_url)}", charset="utf-8", cte="base64")
    for attachment in attachments:
        _attach(message, attachment)
    return message


def whole_id(message_id: str, sender: Sender) -> str:
    """The identity with its domain; a letter that was tried before keeps the one it had then."""
    return message_id if "@" in message_id else f"{message_id}@{sender.domain}"


def stopping_words(language: str, stop_url: str) -> str:
    """What stands under an announcement; staff cannot leave it out."""
    if not stop_url:
        return ""
    with force_locale(language):
        return f"\n{_('今後のご案内が不要な方は、次のページから配信を停止できます。')}\n{stop_url}\n"


def _address(name: str, email: str) -> Address:
    return Address(display_name=" ".join(name.split()), addr_spec=email)


def _attach(message: EmailMessage, attachment: Attachment) -> None:
    mime, *parameters = (piece.strip() for piece in attachment.mime_type.split(";"))
    main, _, sub = mime.partition("/")
    charset = {"charset": "utf-8"} if main == "text" else {}
    message.add_attachment(
        attachment.content,
        maintype=main,
        subtype=sub,
        filename=attachment.filename,
        params=charset | dict(piece.split("=", 1) for piece in parameters),
    )
