"""Types of event that staff add, programmes, zones, tied events, calendars of staff

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-22 08:47:40.663908
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event_type',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('name_en', sa.String(length=80), nullable=False),
    sa.Column('kind', sa.String(length=30), nullable=False),
    sa.Column('retired', sa.Boolean(), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_type')),
    sa.UniqueConstraint('name', name=op.f('uq_event_type_name'))
    )
    op.create_table('event_tie',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('other_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_event_tie_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['other_id'], ['event.id'], name=op.f('fk_event_tie_other_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', 'other_id', name=op.f('pk_event_tie'))
    )
    with op.batch_alter_table('event_tie', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_tie_other_id'), ['other_id'], unique=False)

    op.create_table('zone',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('sponsor', sa.String(length=160), nullable=False),
    sa.Column('description', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_zone_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_zone'))
    )
    with op.batch_alter_table('zone', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_zone_event_id'), ['event_id'], unique=False)

    op.create_table('booth',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('zone_id', sa.Integer(), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=12), nullable=False),
    sa.Column('exhibitor', sa.String(length=160), nullable=False),
    sa.Column('exhibit', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['zone_id'], ['zone.id'], name=op.f('fk_booth_zone_id_zone'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_booth'))
    )
    with op.batch_alter_table('booth', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_booth_zone_id'), ['zone_id'], unique=False)

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.add_column(sa.Column('type_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('general_opens_at', eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.create_foreign_key(batch_op.f('fk_event_type_id_event_type'), 'event_type', ['type_id'], ['id'])

    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.add_column(sa.Column('programme', sa.Text(), nullable=False, server_default=''))

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('joined_to_id', sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f('ix_registration_joined_to_id'), ['joined_to_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_registration_joined_to_id_registration'), 'registration', ['joined_to_id'], ['id'])

    with op.batch_alter_table('staff_user', schema=None) as batch_op:
        batch_op.add_column(sa.Column('calendar_issue', sa.Integer(), nullable=False, server_default='1'))



def downgrade() -> None:
    with op.batch_alter_table('staff_user', schema=None) as batch_op:
        batch_op.drop_column('calendar_issue')

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_registration_joined_to_id_registration'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_registration_joined_to_id'))
        batch_op.drop_column('joined_to_id')

    with op.batch_alter_table('part', schema=None) as batch_op:
        batch_op.drop_column('programme')

    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_event_type_id_event_type'), type_='foreignkey')
        batch_op.drop_column('general_opens_at')
        batch_op.drop_column('type_id')

    with op.batch_alter_table('booth', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_booth_zone_id'))

    op.drop_table('booth')
    with op.batch_alter_table('zone', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_zone_event_id'))

    op.drop_table('zone')
    with op.batch_alter_table('event_tie', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_tie_other_id'))

    op.drop_table('event_tie')
    op.drop_table('event_type')
