"""EventOps: event and business-matching operations. This file holds the application factory alone."""

from collections.abc import Mapping
from pathlib import Path

from flask import Flask
from flask_migrate import Migrate

from eventops import config, limits, models, rush, web
from eventops.accounts import permissions, sign_in
from eventops.database import db, init_database

__all__ = ["create_app", "models"]

ROOT = Path(__file__).resolve().parent.parent


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """The application, configured from the environment and `overrides`."""
    app = Flask("eventops", template_folder=str(ROOT / "templates"), root_path=str(ROOT / "eventops"))
    app.config.update(config.from_environment())
    app.config.update(overrides or {})
    init_database(app)
    Migrate(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    limits.init_limits(app)
    rush.init_rush(app)
    sign_in.init_sign_in(app)
    web.init_web(app)
    permissions.init_gate(app)
    _add_features(app)
    return app


def _add_features(app: Flask) -> None:
    from eventops.accounts import routes as accounts
    from eventops.billing import routes as billing
    from eventops.cases import routes as cases
    from eventops.checkin import routes as checkin
    from eventops.demo import loading as demo
    from eventops.directory import routes as directory
    from eventops.events import routes as events
    from eventops.jobs import commands as jobs
    from eventops.mail import routes as mail
    from eventops.mailings import routes as mailings
    from eventops.meetings import routes as meetings
    from eventops.printing import routes as printing
    from eventops.questions import routes as questions
    from eventops.registration import routes as registration
    from eventops.settings import routes as settings

    below = (accounts, settings, mail, events, questions, directory)
    for feature in (*below, registration, billing, mailings, meetings, checkin, cases, printing):
        app.register_blueprint(feature.bp)
    accounts.init_accounts(app)
    jobs.init_jobs(app)
    questions.init_questions(app)
    mail.init_mail(app)
    directory.init_directory()
    registration.init_registration(app)
    billing.init_billing(app)
    mailings.init_mailings(app)
    meetings.init_meetings(app)
    checkin.init_checkin(app)
    cases.init_cases(app)
    printing.init_printing(app)
    demo.init_demo(app)
