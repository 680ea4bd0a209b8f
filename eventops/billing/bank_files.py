"""A file of the bank, whichever of the two kinds it is. Pure."""

import datetime as dt

from eventops.billing import bank_csv, zengin
from eventops.billing.movements import Movement
from eventops.billing.refusals import UnreadableBankFile
from eventops.spreadsheets import text
from eventops.spreadsheets.table import UnreadableTable


def read(data: bytes, *, today: dt.date) -> list[Movement]:
    """All movements in the file, in its order."""
    found = zengin.read(data, today=today) if zengin.looks_like(data) else bank_csv.read(_decoded(data))
    if not found:
        raise UnreadableBankFile(detail="明細が1件もありません。")
    return found


def _decoded(data: bytes) -> str:
    if b"\0" in data[:1000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableBankFile(detail="CSV か全銀形式のファイルを選んでください。")
    try:
        return text.decode(data)[0]
    except UnreadableTable:
        raise UnreadableBankFile(detail="文字コードを読み取れません。") from None
