"""Acts on the timetable, so that those who look on can be told

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-22 15:17:42.041918
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('timetable_act',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('timetable_id', sa.Integer(), nullable=False),
    sa.Column('revision', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('application_ids', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['staff_user.id'], name=op.f('fk_timetable_act_actor_id_staff_user')),
    sa.ForeignKeyConstraint(['timetable_id'], ['timetable.id'], name=op.f('fk_timetable_act_timetable_id_timetable'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_timetable_act'))
    )
    with op.batch_alter_table('timetable_act', schema=None) as batch_op:
        batch_op.create_index('ix_timetable_act_timetable_id_revision', ['timetable_id', 'revision'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('timetable_act', schema=None) as batch_op:
        batch_op.drop_index('ix_timetable_act_timetable_id_revision')

    op.drop_table('timetable_act')
