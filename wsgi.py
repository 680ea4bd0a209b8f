"""The WSGI entry point: `gunicorn wsgi:app`."""

from eventops import create_app

app = create_app()
