"""Files as banks give them: a statement as CSV and the two fixed-width kinds."""

import datetime as dt


def statement(*rows, heading=("日付", "摘要", "お支払金額", "お預り金額", "残高"), above=(), encoding="cp932"):
    """CSV rows of (day, text, in) or of whole cells."""
    lines = [",".join(cells) for cells in above]
    lines.append(",".join(f'"{cell}"' for cell in heading))
    balance = 1_000_000
    for row in rows:
        if len(row) == 3:
            day, text, yen = row
            balance += yen
            came, went = (f"{yen:,}", "") if yen > 0 else ("", f"{-yen:,}")
            row = (f"{day:%Y/%m/%d}", text, went, came, f"{balance:,}")
        lines.append(",".join(f'"{cell}"' for cell in row))
    return ("\r\n".join(lines) + "\r\n").encode(encoding)


def _padded(text, length):
    return text.encode("cp932").ljust(length)[:length]


def _day(day: dt.date) -> bytes:
    return f"{day.year - 2018:02d}{day:%m%d}".encode()


def notice(*rows, length=200, newline=b"\r\n", cancelled=(), cut_short=False):
    """振込入金通知 (01): rows of (day, payer, yen)."""
    header = b"101" + b"0" + b"081201" * 3 + b"0001" + _padded("ｶｸｳｷﾞﾝｺｳ", 15) + b"001" + _padded("ﾎﾝﾃﾝ", 15) + b"1"
    records = [(header + b"1234567").ljust(length)]
    for number, (day, payer, yen) in enumerate(rows, start=1):
        record = b"2" + f"{number:06d}".encode() + _day(day) * 2 + f"{yen:010d}".encode() + b"0" * 20
        record += _padded(payer, 48) + _padded("ﾍﾞﾂﾉｷﾞﾝｺｳ", 15) + _padded("ｴｷﾏｴ", 15)
        record += b"1" if number in cancelled else b"0"
        records.append(record.ljust(length)[:length])
    standing = [yen for number, (_, _, yen) in enumerate(rows, start=1) if number not in cancelled]
    trailer = b"8" + f"{len(standing):06d}{sum(standing):012d}".encode()
    body = records[:-1] if cut_short else records
    return newline.join([*body, trailer.ljust(length), b"9".ljust(length)])


def account(*rows, newline=b""):
    """入出金取引明細 (03): rows of (day, payer, yen), below nought what went out."""
    records = [(b"1030" + b"081201" * 3 + b"0001").ljust(200)]
    for number, (day, payer, yen) in enumerate(rows, start=1):
        record = b"2" + f"{number:08d}".encode() + _day(day) * 2 + (b"1" if yen > 0 else b"2") + b"11"
        record += f"{abs(yen):012d}".encode() + b"0" * 12 + b"0" * 12 + b"0" + b"0" * 7 + b"000" + b"0" * 10
        records.append((record + _padded(payer, 48)).ljust(200))
    came, went = [yen for *_, yen in rows if yen > 0], [-yen for *_, yen in rows if yen < 0]
    trailer = f"8{len(came):06d}{sum(came):013d}{len(went):06d}{sum(went):013d}".encode()
    return newline.join([*records, trailer.ljust(200), b"9".ljust(200)])
