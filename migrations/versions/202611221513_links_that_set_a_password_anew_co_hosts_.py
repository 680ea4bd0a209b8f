"""links that set a password anew, co-hosts agreed to, letters to everybody

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-22 15:13:12.353944
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('host_consent',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('attendee_id', sa.Integer(), nullable=False),
    sa.Column('host_name', sa.String(length=160), nullable=False),
    sa.Column('columns', sa.JSON(), nullable=False),
    sa.Column('given_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['attendee_id'], ['attendee.id'], name=op.f('fk_host_consent_attendee_id_attendee'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_host_consent')),
    sa.UniqueConstraint('attendee_id', 'host_name', name=op.f('uq_host_consent_attendee_id_host_name'))
    )
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('tells_attendees', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('staff_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reset_digest', sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column('reset_until', eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('choices', sa.JSON(), nullable=False, server_default='{}'))
        batch_op.create_unique_constraint(batch_op.f('uq_staff_user_reset_digest'), ['reset_digest'])


def downgrade() -> None:
    with op.batch_alter_table('staff_user', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('uq_staff_user_reset_digest'), type_='unique')
        batch_op.drop_column('choices')
        batch_op.drop_column('reset_until')
        batch_op.drop_column('reset_digest')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('tells_attendees')

    op.drop_table('host_consent')
