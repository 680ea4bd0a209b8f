"""exits beside entries, and people whom somebody in charge let in with a reason

Revision ID: 0017
Revises: 0016
Create Date: 2026-11-22 15:36:00.000000
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0017'
down_revision = '0016'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('supervisor_code',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('code_hash', sa.String(length=64), nullable=False),
    sa.Column('made_at', eventops.database.UtcDateTime(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_supervisor_code_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['staff_user.id'], name=op.f('fk_supervisor_code_user_id_staff_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervisor_code')),
    sa.UniqueConstraint('event_id', 'user_id', name=op.f('uq_supervisor_code_event_id_user_id')),
    sa.UniqueConstraint('code_hash', 'event_id', name=op.f('uq_supervisor_code_code_hash_event_id'))
    )
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('direction', sa.String(length=3), nullable=False, server_default='in'))
        batch_op.add_column(sa.Column('reason', sa.String(length=200), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('approved_by_id', sa.Integer(), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_scan_approved_by_id_staff_user'), 'staff_user', ['approved_by_id'], ['id'])


def downgrade() -> None:
    """Verdicts that the judge of before does not know become those it does: nobody's coming is forgotten."""
    op.execute("DELETE FROM scan WHERE direction = 'out'")
    op.execute("UPDATE scan SET verdict = 'already_in' WHERE verdict = 'back_in'")
    op.execute("UPDATE scan SET shown = 'already_in' WHERE shown = 'back_in'")
    op.execute("UPDATE scan SET verdict = 'admit' WHERE verdict = 'overruled'")
    op.execute("UPDATE scan SET shown = 'admit' WHERE shown = 'overruled'")
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_scan_approved_by_id_staff_user'), type_='foreignkey')
        batch_op.drop_column('approved_by_id')
        batch_op.drop_column('reason')
        batch_op.drop_column('direction')
    op.drop_table('supervisor_code')
