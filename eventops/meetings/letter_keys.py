"""Keys of letters that name an address: the column is shorter than the longest address."""

import hashlib
from typing import Final

MOST: Final = 120
_KEPT: Final = 40


def fitting(key: str) -> str:
    """The key itself where there is room for it: letters that went out are known by it."""
    if len(key) <= MOST:
        return key
    return f"{key[:_KEPT]}:{hashlib.sha256(key.encode()).hexdigest()}"
