"""Why a meeting was moved, and whether a timetable is preliminary

Revision ID: 0027
Revises: 0026
Create Date: 2026-11-22 22:15:07.401182
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("timetable") as batch:
        batch.add_column(sa.Column("is_preliminary", sa.Boolean(), nullable=False, server_default=sa.false()))
    with op.batch_alter_table("timetable_act") as batch:
        batch.add_column(sa.Column("spots", sa.JSON(none_as_null=True), nullable=True))
        batch.add_column(sa.Column("reason", sa.String(length=200), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("timetable_act") as batch:
        batch.drop_column("reason")
        batch.drop_column("spots")
    with op.batch_alter_table("timetable") as batch:
        batch.drop_column("is_preliminary")
