"""What the literature knows of the published instances: the fewest idle periods of each, all proven.

Source: Bofill, Coll, Garcia, Giráldez-Cru, Pesant, Suy and Villaret, Constraint Solving Approaches to the
Business-to-Business Meeting Scheduling Problem, Journal of Artificial Intelligence Research 74 (2022). Idle periods run
across the middle of the day: morning and afternoon only limit where a meeting may lie.
"""

OPTIMA = {
    "forum-13": 0,
    "forum-13crafb": 6,
    "forum-13crafc": 1,
    "forum-14": 2,
    "forumt-14": 5,
    "forumt-14crafc": 5,
    "forumt-14crafd": 4,
    "forumt-14crafe": 5,
    "tic-12": 0,
    "tic-12crafc": 0,
    "tic-13": 0,
    "tic-13crafb": 0,
    "tic-13crafc": 4,
    "tic-14crafa": 0,
    "tic-14crafc": 0,
    "tic-14crafd": 0,
    "ticf-13crafa": 0,
    "ticf-13crafb": 3,
    "ticf-13crafc": 1,
    "ticf-14crafa": 0,
}
"""By the name of the instance: its file's name without `.original.dzn`."""


def optimum(name: str) -> int | None:
    """None for an instance of which nothing was published."""
    return OPTIMA.get(name)
