"""Many at once: what a rush on one thing comes to."""

import threading
from collections import Counter

from eventops.database import db


def rush(app, work, threads):
    """Run `work(number)` in so many threads that start together, each with a context and a connection of its own."""
    start, outcomes = threading.Barrier(threads), Counter()

    def run(number):
        with app.app_context():
            start.wait()
            try:
                outcomes[work(number)] += 1
            except Exception as error:
                outcomes[repr(error)] += 1
            finally:
                db.session.remove()

    running = [threading.Thread(target=run, args=(number,)) for number in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return outcomes
