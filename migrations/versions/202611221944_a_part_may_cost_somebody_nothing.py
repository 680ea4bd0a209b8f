"""a part may cost somebody nothing

Revision ID: 0025
Revises: 0024
Create Date: 2026-11-22 19:44:35.087040
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

KEY = "fk_registration_free_part_id_part"


def upgrade() -> None:
    with op.batch_alter_table("registration") as batch:
        batch.add_column(sa.Column("free_part_id", sa.Integer(), nullable=True))
        batch.create_foreign_key(KEY, "part", ["free_part_id"], ["id"])


def downgrade() -> None:
    with op.batch_alter_table("registration") as batch:
        batch.drop_constraint(KEY, type_="foreignkey")
        batch.drop_column("free_part_id")
