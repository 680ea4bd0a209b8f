"""what was told stays with the meetings of a published timetable

Revision ID: 0022
Revises: 0021
Create Date: 2026-11-22 19:09:00
"""

import sqlalchemy as sa
from alembic import op

import eventops.database

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

TOLD = """
    UPDATE timetable_meeting SET
        told_from = (SELECT slot.starts_at FROM slot WHERE slot.id = timetable_meeting.slot_id),
        told_until = (SELECT slot.ends_at FROM slot WHERE slot.id = timetable_meeting.slot_id),
        told_room = (
            SELECT room.name FROM room JOIN meeting_table ON meeting_table.room_id = room.id
            WHERE meeting_table.id = timetable_meeting.table_id
        ),
        told_table = (SELECT meeting_table.number FROM meeting_table WHERE meeting_table.id = timetable_meeting.table_id)
    WHERE timetable_id IN (SELECT id FROM timetable WHERE version IS NOT NULL)
"""


def upgrade() -> None:
    with op.batch_alter_table("timetable_meeting") as batch:
        batch.add_column(sa.Column("told_from", eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("told_until", eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("told_room", sa.String(length=60), nullable=True))
        batch.add_column(sa.Column("told_table", sa.Integer(), nullable=True))
    op.execute(TOLD)


def downgrade() -> None:
    with op.batch_alter_table("timetable_meeting") as batch:
        for name in ("told_table", "told_room", "told_until", "told_from"):
            batch.drop_column(name)
