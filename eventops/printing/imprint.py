"""Knows what stands on every printed sheet: of which event, which version, printed when."""

import datetime as dt
from dataclasses import dataclass

from eventops import wareki

CONFIDENTIALITY = (
    "初回の面談では秘密情報を開示せず、公開済みの内容の範囲でお話しください。"
    "詳しい技術情報は、秘密保持契約を結んだ後にお伝えください。"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """`version` as it is read aloud: "第3版", "第4版(案)". `printed_at` is aware."""

    event: str
    version: str
    printed_at: dt.datetime

    @property
    def printed(self) -> str:
        return f"{wareki.wareki_date(self.printed_at)} {wareki.clock(self.printed_at)}"

    def as_data(self) -> dict[str, str]:
        return {"event": self.event, "version": self.version, "printed": self.printed}


def document_title(kind: str, imprint: Imprint) -> str:
    return f"{kind} {imprint.event}"
