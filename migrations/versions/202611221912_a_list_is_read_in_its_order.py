"""an event's participants are read in the order of their companies, without sorting all of them for a page

Revision ID: 0023
Revises: 0022
Create Date: 2026-11-22 19:12:00.000000
"""

from alembic import op


revision = '0023'
down_revision = '0022'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The event's own index goes too: the numbers of an event are unique, and that index begins with the event."""
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_organisation_sort_key')
        batch_op.drop_index('ix_registration_event_id')
        batch_op.create_index('ix_registration_in_reading_order', ['event_id', 'organisation_sort_key', 'number'])


def downgrade() -> None:
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_index('ix_registration_in_reading_order')
        batch_op.create_index('ix_registration_event_id', ['event_id'])
        batch_op.create_index('ix_registration_organisation_sort_key', ['organisation_sort_key'])
