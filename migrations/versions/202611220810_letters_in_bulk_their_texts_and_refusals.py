"""letters in bulk, their texts and refusals

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-22 08:10:29.614639
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('mail_server',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('bulk_due_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('failures', sa.Integer(), nullable=False),
    sa.Column('error', sa.String(length=200), nullable=False),
    sa.Column('failing_since', eventops.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('quiet_until', eventops.database.UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mail_server'))
    )
    op.create_table('refusal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('how', sa.String(length=12), nullable=False),
    sa.Column('at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_refusal')),
    sa.UniqueConstraint('email', name=op.f('uq_refusal_email'))
    )
    op.create_table('letter_text',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=True),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('language', sa.String(length=2), nullable=False),
    sa.Column('subject', sa.String(length=250), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('updated_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('updated_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_letter_text_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['updated_by_id'], ['staff_user.id'], name=op.f('fk_letter_text_updated_by_id_staff_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_letter_text'))
    )
    with op.batch_alter_table('letter_text', schema=None) as batch_op:
        batch_op.create_index('uq_letter_text_of_all', ['kind', 'language'], unique=True, sqlite_where=sa.text('event_id IS NULL'), postgresql_where=sa.text('event_id IS NULL'))
        batch_op.create_index('uq_letter_text_of_event', ['event_id', 'kind', 'language'], unique=True)

    op.create_table('mailing',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('occasion', sa.String(length=80), nullable=True),
    sa.Column('state', sa.String(length=12), nullable=False),
    sa.Column('audience', sa.JSON(), nullable=False),
    sa.Column('subject', sa.String(length=250), nullable=False),
    sa.Column('body', sa.Text(), nullable=False),
    sa.Column('subject_en', sa.String(length=250), nullable=False),
    sa.Column('body_en', sa.Text(), nullable=False),
    sa.Column('with_calendar', sa.Boolean(), nullable=False),
    sa.Column('created_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.Column('changed_at', eventops.database.UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_at', eventops.database.UtcDateTime(timezone=True), nullable=True),
    sa.Column('sent_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['created_by_id'], ['staff_user.id'], name=op.f('fk_mailing_created_by_id_staff_user')),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_mailing_event_id_event'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['sent_by_id'], ['staff_user.id'], name=op.f('fk_mailing_sent_by_id_staff_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing')),
    sa.UniqueConstraint('occasion', name=op.f('uq_mailing_occasion'))
    )
    with op.batch_alter_table('mailing', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_mailing_event_id'), ['event_id'], unique=False)

    op.create_table('reminder_pause',
    sa.Column('event_id', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['event.id'], name=op.f('fk_reminder_pause_event_id_event'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('event_id', 'kind', name=op.f('pk_reminder_pause'))
    )
    op.create_table('mailing_reader',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('mailing_id', sa.Integer(), nullable=False),
    sa.Column('subject_kind', sa.String(length=20), nullable=False),
    sa.Column('subject_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('reason', sa.String(length=20), nullable=False),
    sa.ForeignKeyConstraint(['mailing_id'], ['mailing.id'], name=op.f('fk_mailing_reader_mailing_id_mailing'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_mailing_reader')),
    sa.UniqueConstraint('mailing_id', 'subject_kind', 'subject_id', name=op.f('uq_mailing_reader_mailing_id_subject_kind_subject_id'))
    )
    with op.batch_alter_table('mailing_reader', schema=None) as batch_op:
        batch_op.create_index('ix_mailing_reader_state', ['mailing_id', 'state'], unique=False)

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.add_column(sa.Column('mailing_id', sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column('is_announcement', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('is_bulk', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('expires_at', eventops.database.UtcDateTime(timezone=True), nullable=True))
        batch_op.alter_column('message_id',
               existing_type=sa.VARCHAR(length=120),
               type_=sa.String(length=300),
               existing_nullable=False)
        batch_op.drop_index(batch_op.f('ix_letter_state_due_at'))
        batch_op.create_index('ix_letter_state_due_at', ['state', 'is_bulk', 'due_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_mailing_id'), ['mailing_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_letter_message_id'), ['message_id'], unique=False)
        batch_op.create_foreign_key(batch_op.f('fk_letter_mailing_id_mailing'), 'mailing', ['mailing_id'], ['id'], ondelete='SET NULL')

    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.alter_column('is_announcement', server_default=None, existing_type=sa.Boolean())
        batch_op.alter_column('is_bulk', server_default=None, existing_type=sa.Boolean())


def downgrade() -> None:
    # What came back counts as not sent again; the identity of a letter is its local part alone, as before.
    op.execute("UPDATE letter SET state = 'failed' WHERE state = 'bounced'")
    op.execute("UPDATE letter SET message_id = substr(message_id, 1, 32)")
    with op.batch_alter_table('letter', schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f('fk_letter_mailing_id_mailing'), type_='foreignkey')
        batch_op.drop_index(batch_op.f('ix_letter_message_id'))
        batch_op.drop_index(batch_op.f('ix_letter_mailing_id'))
        batch_op.drop_index('ix_letter_state_due_at')
        batch_op.create_index(batch_op.f('ix_letter_state_due_at'), ['state', 'due_at'], unique=False)
        batch_op.alter_column('message_id',
               existing_type=sa.String(length=300),
               type_=sa.VARCHAR(length=120),
               existing_nullable=False)
        batch_op.drop_column('expires_at')
        batch_op.drop_column('is_bulk')
        batch_op.drop_column('is_announcement')
        batch_op.drop_column('mailing_id')

    with op.batch_alter_table('mailing_reader', schema=None) as batch_op:
        batch_op.drop_index('ix_mailing_reader_state')

    op.drop_table('mailing_reader')
    op.drop_table('reminder_pause')
    with op.batch_alter_table('mailing', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_mailing_event_id'))

    op.drop_table('mailing')
    with op.batch_alter_table('letter_text', schema=None) as batch_op:
        batch_op.drop_index('uq_letter_text_of_event')
        batch_op.drop_index('uq_letter_text_of_all', sqlite_where=sa.text('event_id IS NULL'), postgresql_where=sa.text('event_id IS NULL'))

    op.drop_table('letter_text')
    op.drop_table('refusal')
    op.drop_table('mail_server')
