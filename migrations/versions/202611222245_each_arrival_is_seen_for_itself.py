"""Each arrival of a guest of honour is seen for itself: a look with a lower number may come to count later

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-22 22:45:00.000000
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "arrival_seen",
        sa.Column("watch_id", sa.Integer(), nullable=False),
        sa.Column("scan_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["scan_id"], ["scan.id"], name=op.f("fk_arrival_seen_scan_id_scan"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["watch_id"], ["arrival_watch.id"], name=op.f("fk_arrival_seen_watch_id_arrival_watch"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("watch_id", "scan_id", name=op.f("pk_arrival_seen")),
    )
    op.execute(
        "INSERT INTO arrival_seen (watch_id, scan_id) SELECT arrival_watch.id, scan.id FROM arrival_watch"
        " JOIN scan ON scan.event_id = arrival_watch.event_id AND scan.id <= arrival_watch.seen_scan_id"
        " JOIN attendee ON attendee.id = scan.attendee_id AND attendee.badge_category = 'guest_of_honour'"
        " WHERE scan.verdict IN ('admit', 'unpaid', 'overruled')"
    )
    with op.batch_alter_table("arrival_watch") as batch:
        batch.drop_column("seen_scan_id")


def downgrade() -> None:
    with op.batch_alter_table("arrival_watch") as batch:
        batch.add_column(sa.Column("seen_scan_id", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE arrival_watch SET seen_scan_id ="
        " (SELECT coalesce(max(scan_id), 0) FROM arrival_seen WHERE watch_id = arrival_watch.id)"
    )
    op.drop_table("arrival_seen")
