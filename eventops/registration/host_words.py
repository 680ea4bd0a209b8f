"""What guests read about a host that may be given people, word for word, as it is asked and as it is kept."""

import hashlib
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString

from eventops.events.models import HostRole
from eventops.events.vocabulary import HOST_ROLE_WORDS
from eventops.languages import language
from eventops.registration.commands import Agreement
from eventops.registration.providers import ShareWords

MARK_LENGTH: Final = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """A host about which guests are asked; `id` names it in forms."""

    id: int
    host: str
    words: ShareWords
    role: HostRole
    host_en: str = ""

    @property
    def shown(self) -> str:
        """The host's name as the reader knows it."""
        return self.host_en if language() == "en" and self.host_en else self.host

    @property
    def role_word(self) -> LazyString:
        return HOST_ROLE_WORDS[self.role]


def question(one: Asked) -> str:
    """共催の…に提供することに同意する"""
    return str(_("%(role)sの%(host)sに提供することに同意する", role=one.role_word, host=one.shown))


def told(words: ShareWords) -> str:
    """渡す項目: 氏名、会社・団体。目的: …"""
    columns = ("、" if language() == "ja" else ", ").join(map(str, words.words))
    said = str(_("お渡しする項目: %(columns)s", columns=columns))
    purpose = words.purpose_en if language() == "en" and words.purpose_en else words.purpose
    return f"{said} / {_('利用目的')}: {purpose}" if purpose else said


def agreement(one: Asked) -> Agreement:
    """What somebody who ticks this agrees to."""
    text = f"{question(one)}\n{told(one.words)}"
    return Agreement(one.words.columns, text, language(), one.words.mark)


def mark_of(text: str) -> str:
    """Stands for a text, so that two people who read the same can be told from two who did not."""
    return hashlib.sha256(text.encode()).hexdigest()[:MARK_LENGTH]
