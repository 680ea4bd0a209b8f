"""When a letter is tried again, and when it is given up."""

import datetime as dt

LEASE = dt.timedelta(seconds=120)
_LADDER = tuple(dt.timedelta(seconds=seconds) for seconds in (10, 60, 300, 1_800, 7_200, 21_600, 43_200))


def is_hopeless(attempts: int) -> bool:
    """Whether a letter that was just claimed for the `attempts`-th time killed its workers on all its earlier tries."""
    return attempts > len(_LADDER) + 1


def next_try(attempts: int, *, now: dt.datetime) -> dt.datetime | None:
    """When to try again after `attempts` failed ones; None when it is time to give up (after about a day)."""
    return now + _LADDER[attempts - 1] if attempts <= len(_LADDER) else None
