"""stations scan without a network, and a scan remembers what the desk was told

Revision ID: 0011
Revises: 0010
Create Date: 2026-11-22 12:00:00.000000
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'station',
        sa.Column('id', sa.Integer(), nullable=False),
        sa.Column('event_id', sa.Integer(), nullable=False),
        sa.Column('part_id', sa.Integer(), nullable=True),
        sa.Column('name', sa.String(length=40), nullable=False),
        sa.Column('code', sa.String(length=12), nullable=True),
        sa.Column('code_expires_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('key_hash', sa.String(length=64), nullable=True),
        sa.Column('salt', sa.String(length=32), nullable=False),
        sa.Column('made_by_id', sa.Integer(), nullable=True),
        sa.Column('made_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
        sa.Column('enrolled_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('revoked_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('seen_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
        sa.Column('unsent', sa.Integer(), nullable=False),
        sa.Column('clock_ahead_ms', sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_station_event_id_event'), ondelete='CASCADE'),
        sa.ForeignKeyConstraint(['made_by_id'], ['staff_user.id'], name=op.f('fk_station_made_by_id_staff_user')),
        sa.ForeignKeyConstraint(['part_id'], ['part.id'], name=op.f('fk_station_part_id_part'), ondelete='SET NULL'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_station')),
        sa.UniqueConstraint('code', name=op.f('uq_station_code')),
        sa.UniqueConstraint('key_hash', name=op.f('uq_station_key_hash')),
    )
    with op.batch_alter_table('station', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_station_event_id'), ['event_id'], unique=False)

    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.add_column(sa.Column('shown', sa.String(length=20), nullable=True))
        batch_op.add_column(sa.Column('station_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('sequence', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('received_at', eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column('settled_at', eventops.database.UtcDateTime(timezone=True), nullable=True))
    op.execute('UPDATE scan SET shown = verdict, received_at = scanned_at')
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.alter_column('shown', existing_type=sa.String(length=20), nullable=False)
        batch_op.alter_column(
            'received_at', existing_type=eventops.database.UtcDateTime(timezone=True), nullable=False
        )
        batch_op.create_foreign_key(
            batch_op.f('fk_scan_station_id_station'), 'station', ['station_id'], ['id'], ondelete='SET NULL'
        )


def downgrade() -> None:
    # The judge of before knows no look that a device could not answer.
    op.execute("UPDATE scan SET verdict = 'unknown_code' WHERE verdict = 'not_on_device'")
    with op.batch_alter_table('scan', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_scan_station_id_station'), type_='foreignkey')
        batch_op.drop_column('settled_at')
        batch_op.drop_column('received_at')
        batch_op.drop_column('sequence')
        batch_op.drop_column('station_id')
        batch_op.drop_column('shown')

    with op.batch_alter_table('station', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_station_event_id'))

    op.drop_table('station')
