"""How often one address may knock: sign-in and public forms. Counted per process, or in Redis where one is set."""

import threading
import time

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

TIDIED_EVERY_SECONDS = 30.0


class RouteLimits(Limiter):
    """Limits that stand at their routes. Looking for others before every request took a twentieth of a look's time."""

    def _check_request_limit(self, callable_name: str | None = None, in_middleware: bool = True) -> None:
        if not in_middleware:
            super()._check_request_limit(callable_name, in_middleware)


limiter = RouteLimits(key_func=get_remote_address, headers_enabled=False)


class Counts(Storage):
    """Counts of this process: `process://`.

    The library's own forget what is over in a thread for every hit, which looks at every address of the last minute:
    a rush of guests would cost as many threads as guests, and each more than the one before.
    """

    STORAGE_SCHEME = ["process"]  # noqa: RUF012 - the library reads a plain list

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **_options: float | str | bool) -> None:
        super().__init__(uri, wrap_exceptions=wrap_exceptions)
        self.storage: dict[str, int] = {}
        self._over_at: dict[str, float] = {}
        self._tidied_at = time.time()
        self._mutex = threading.Lock()

    @property
    def base_exceptions(self) -> type[Exception]:
        return ValueError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        with self._mutex:
            now = time.time()
            self._tidy(now)
            if self._over_at.get(key, 0.0) <= now:
                self.storage[key], self._over_at[key] = 0, now + expiry
            self.storage[key] += amount
            return self.storage[key]

    def get(self, key: str) -> int:
        return self.storage.get(key, 0) if self._over_at.get(key, 0.0) > time.time() else 0

    def get_expiry(self, key: str) -> float:
        return self._over_at.get(key, time.time())

    def check(self) -> bool:
        return True

    def reset(self) -> int:
        with self._mutex:
            number = len(self.storage)
            self.storage.clear()
            self._over_at.clear()
            return number

    def clear(self, key: str) -> None:
        with self._mutex:
            self._forget(key)

    def _tidy(self, now: float) -> None:
        if now - self._tidied_at < TIDIED_EVERY_SECONDS:
            return
        self._tidied_at = now
        for key in [key for key, over_at in self._over_at.items() if over_at <= now]:
            self._forget(key)

    def _forget(self, key: str) -> None:
        self.storage.pop(key, None)
        self._over_at.pop(key, None)


def init_limits(app: Flask) -> None:
    limiter.init_app(app)
