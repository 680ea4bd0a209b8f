"""offers reserves and groups

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-22 08:12:28.766111
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('promotion', sa.String(length=8), nullable=False, server_default='at_once'))
        batch_op.add_column(sa.Column('offer_hours', sa.Integer(), nullable=False, server_default='24'))

    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.add_column(sa.Column('offered_until', eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('offer_needs', sa.String(length=8), nullable=False, server_default=''))
        batch_op.create_index('ix_place_offered_until', ['offered_until'], unique=False)

    with op.batch_alter_table('pool', schema=None) as batch_op:
        batch_op.add_column(sa.Column('released_on', sa.Date(), nullable=True))

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('keeps_together', sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade() -> None:
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('keeps_together')

    with op.batch_alter_table('pool', schema=None) as batch_op:
        batch_op.drop_column('released_on')

    with op.batch_alter_table('place', schema=None) as batch_op:
        batch_op.drop_index('ix_place_offered_until')
        batch_op.drop_column('offer_needs')
        batch_op.drop_column('offered_until')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_column('offer_hours')
        batch_op.drop_column('promotion')
