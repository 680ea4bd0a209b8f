"""who is told when guests of honour arrive

Revision ID: 0021
Revises: 0020
Create Date: 2026-11-22 18:45:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = '0021'
down_revision = '0020'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('arrival_watch',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('by_letter', sa.Boolean(), nullable=False),
    sa.Column('seen_scan_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_arrival_watch_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_arrival_watch_user_id_staff_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_arrival_watch')),
    sa.UniqueConstraint('event_id', 'user_id', name=op.f('uq_arrival_watch_event_id_user_id'))
    )


def downgrade() -> None:
    op.drop_table('arrival_watch')
