"""the layout of each run of badges is kept, and a column that nothing has read since 0016 goes

Revision ID: 0018
Revises: 0017
Create Date: 2026-11-22 16:29:00.000000
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0018'
down_revision = '0017'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Badges of earlier runs count as changed: what was left off them is not known."""
    with op.batch_alter_table('badge_run', schema=None) as batch_op:
        batch_op.add_column(sa.Column('settings', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.drop_column('badge_printed_at')


def downgrade() -> None:
    with op.batch_alter_table('attendee', schema=None) as batch_op:
        batch_op.add_column(sa.Column('badge_printed_at', eventops.database.UtcDateTime(timezone=True), nullable=True))
    with op.batch_alter_table('badge_run', schema=None) as batch_op:
        batch_op.drop_column('settings')
