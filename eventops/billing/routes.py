"""All routes of billing, and what the feature tells the features below."""

from flask import Flask

from eventops.billing import settling
from eventops.billing.blueprint import bp
from eventops.registration import providers

__all__ = ["bp", "init_billing"]


def init_billing(app: Flask) -> None:
    """Register that who has paid follows what is owed."""
    providers.registry.fee_followers["billing"] = settling.follow
