"""What a sheet of a workbook may be called: Excel allows some characters nowhere, and others not at the edges."""

import re

_MOST = 31
_NOWHERE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_EDGES = " '"


def sheet_name(words: str) -> str:
    """These words as far as Excel takes them; where nothing is left, a word that says little."""
    return _NOWHERE.sub(" ", words).strip(_EDGES)[:_MOST].strip(_EDGES) or "一覧"
