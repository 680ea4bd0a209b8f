"""sheets that were taken in can be taken back; recommendations of before have a line that says whose they are

Revision ID: 0024
Revises: 0023
Create Date: 2026-11-22 19:15:00.000000
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0024'
down_revision = '0023'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('sheet_import',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('round_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('edits', sa.JSON(), nullable=False),
    sa.Column('made_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_id', sa.Integer(), nullable=True),
    sa.Column('undone_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['made_by_id'], ['staff_user.id'], name=op.f('fk_sheet_import_made_by_id_staff_user')),
    sa.ForeignKeyConstraint(['round_id'], ['matching_round.id'], name=op.f('fk_sheet_import_round_id_matching_round'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_import'))
    )
    with op.batch_alter_table('sheet_import', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sheet_import_round_id'), ['round_id'], unique=False)
    op.execute(
        "INSERT INTO recommendation (application_id, recommender, reason, created_at)"
        " SELECT id, '事務局', '事務局の推薦', submitted_at FROM application"
        " WHERE is_recommended AND NOT EXISTS"
        " (SELECT 1 FROM recommendation WHERE recommendation.application_id = application.id)"
    )


def downgrade() -> None:
    """The lines stay: whose recommendation it was is not wrong without the sheets."""
    with op.batch_alter_table('sheet_import', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sheet_import_round_id'))

    op.drop_table('sheet_import')
