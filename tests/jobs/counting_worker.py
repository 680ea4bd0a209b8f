"""A worker process of the tests with one kind of job: it counts aloud, and goes on where another stopped."""

import signal
import sys
import threading
from pathlib import Path
from typing import Any

import click

from eventops import create_app
from eventops.database import read_session
from eventops.jobs import worker
from eventops.jobs.models import Job
from tests.conftest import configuration


def count(_subject_id: int, payload: dict[str, Any], lease: worker.Lease) -> None:
    """Each number is reported before it is said, so that what was said is never lost."""
    done = read_session().get_one(Job, lease.job_id).progress.get("done", 0)
    for number in range(done + 1, payload["to"] + 1):
        lease.report({"done": number})
        click.echo(number)
        if number == payload.get("hold_at") and done == 0:
            signal.pause()


def main(home: str, database_url: str) -> None:
    app = create_app(configuration(Path(home), database_url))
    worker.register_handler(app, "count", count)
    stopping = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopping.set())
    worker.run(app, stopping=stopping)


if __name__ == "__main__":
    main(*sys.argv[1:])
