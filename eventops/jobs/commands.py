"""`flask worker`: the process that does jobs and sends letters."""

import signal
import threading

import click
from flask import Flask

from eventops.jobs import worker


def init_jobs(app: Flask) -> None:
    worker.register_lane(app, "jobs", lambda name: worker.run_next_job(app, name))

    @app.cli.command("worker", help="Do jobs and send letters until stopped.")
    def run_worker() -> None:
        work_until_stopped(app)


def work_until_stopped(app: Flask) -> None:
    """Be the worker of this application until SIGINT or SIGTERM."""
    stopping = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    click.echo("worker: ready")
    worker.run(app, stopping=stopping)
