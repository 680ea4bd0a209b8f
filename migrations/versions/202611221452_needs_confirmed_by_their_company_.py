"""needs confirmed by their company, entry sheets with files and times, recommendations

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-22 14:52:00.000000
"""

import sqlalchemy as sa
from alembic import op
import eventops.database


revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('proposal_file',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=140), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('stored', sa.String(length=40), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_proposal_file_application_id_application'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_proposal_file')),
    sa.UniqueConstraint('stored', name=op.f('uq_proposal_file_stored'))
    )
    with op.batch_alter_table('proposal_file', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_proposal_file_application_id'), ['application_id'], unique=False)

    op.create_table('recommendation',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('application_id', sa.Integer(), nullable=False),
    sa.Column('recommender', sa.String(length=80), nullable=False),
    sa.Column('reason', sa.String(length=300), nullable=False),
    sa.Column('created_at', eventops.database.UtcDateTime(), nullable=False),
    sa.Column('created_by_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_recommendation_application_id_application'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['created_by_id'], ['staff_user.id'], name=op.f('fk_recommendation_created_by_id_staff_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recommendation'))
    )
    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_recommendation_application_id'), ['application_id'], unique=False)

    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.add_column(sa.Column('introducer', sa.String(length=120), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('arrives_from', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('leaves_by', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('away_from', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('away_until', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('times_settled', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('link_issue', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('no_secrets_at', eventops.database.UtcDateTime(), nullable=True))

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_anonymous', sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column('public_name', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('contact_name', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('contact_email', sa.String(length=254), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('link_issue', sa.Integer(), nullable=False, server_default='1'))
        batch_op.add_column(sa.Column('asked_at', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_at', eventops.database.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column('confirmed_by', sa.String(length=80), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('confirmed_digest', sa.String(length=64), nullable=False, server_default=''))


def downgrade() -> None:
    # The older program shows a company's name with every need that is public: those without one are drafts to it.
    need = sa.table("need", *map(sa.column, ("state", "is_anonymous")))
    op.execute(need.update().where(sa.or_(need.c.state == "asked", need.c.is_anonymous == sa.true())).values(state="draft"))

    with op.batch_alter_table('need', schema=None) as batch_op:
        batch_op.drop_column('confirmed_digest')
        batch_op.drop_column('confirmed_by')
        batch_op.drop_column('confirmed_at')
        batch_op.drop_column('asked_at')
        batch_op.drop_column('link_issue')
        batch_op.drop_column('contact_email')
        batch_op.drop_column('contact_name')
        batch_op.drop_column('public_name')
        batch_op.drop_column('is_anonymous')

    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_column('no_secrets_at')
        batch_op.drop_column('link_issue')
        batch_op.drop_column('times_settled')
        batch_op.drop_column('away_until')
        batch_op.drop_column('away_from')
        batch_op.drop_column('leaves_by')
        batch_op.drop_column('arrives_from')
        batch_op.drop_column('introducer')

    with op.batch_alter_table('recommendation', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_recommendation_application_id'))

    op.drop_table('recommendation')
    with op.batch_alter_table('proposal_file', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_proposal_file_application_id'))

    op.drop_table('proposal_file')
