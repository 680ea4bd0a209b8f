"""Questions to a person about each host that may be given people; none is ticked beforehand."""

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from wtforms import BooleanField

from eventops.languages import language
from eventops.registration.forms import SHARE
from eventops.registration.host_consents import Asked
from eventops.registration.providers import ShareWords


def fields_for(hosts: Sequence[Asked]) -> dict[str, Any]:
    """What a form of a person has beside the names."""
    fields: dict[str, Any] = {SHARE.format(one.id): _field(one) for one in hosts}
    return {**fields, "hosts": hosts}


def told(words: ShareWords) -> str:
    """渡す項目: 氏名、会社・団体。目的: …"""
    columns = ("、" if language() == "ja" else ", ").join(map(str, words.words))
    said = str(_("お渡しする項目: %(columns)s", columns=columns))
    return f"{said} / {_('利用目的')}: {words.purpose}" if words.purpose else said


def _field(one: Asked) -> BooleanField:
    return BooleanField(_("共催の%(host)sに提供することに同意する", host=one.host), description=told(one.words))
