"""An apostrophe before text that a spreadsheet would run as a formula, and its removal on the way back in."""

import re
from typing import Final

_FORMULA: Final = r"(?:[=@＝＠\t\r]|[+\-＋－].)"  # a lone dash is a common way to write "none"
_DANGEROUS: Final = re.compile(f"'*{_FORMULA}")
_GUARDED: Final = re.compile(f"'+{_FORMULA}")


def guarded(text: str) -> str:
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text
