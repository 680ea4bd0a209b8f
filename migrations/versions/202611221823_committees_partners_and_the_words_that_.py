"""committees, partners, and the words that people agreed to

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-22 18:23:00.000000
"""

import sqlalchemy as sa
from alembic import op


revision = '0019'
down_revision = '0018'
branch_labels = None
depends_on = None


def upgrade() -> None:
    """What was agreed to before has no words: nobody kept them."""
    op.create_table('committee',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('kana', sa.String(length=120), nullable=False),
    sa.Column('sort_key', sa.String(length=120), nullable=False),
    sa.Column('kind', sa.String(length=16), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee')),
    sa.UniqueConstraint('name', name=op.f('uq_committee_name'))
    )
    with op.batch_alter_table('committee', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_committee_sort_key'), ['sort_key'], unique=False)

    op.create_table('partnership',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=20), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('note', sa.String(length=200), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partnership_organisation_id_organisation'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partnership'))
    )
    with op.batch_alter_table('partnership', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partnership_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('committee_term',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('committee_id', sa.Integer(), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=False),
    sa.Column('role', sa.String(length=12), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.ForeignKeyConstraint(['committee_id'], ['committee.id'], name=op.f('fk_committee_term_committee_id_committee'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_committee_term_person_id_person'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_committee_term'))
    )
    with op.batch_alter_table('committee_term', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_committee_term_committee_id'), ['committee_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_committee_term_person_id'), ['person_id'], unique=False)

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('language', sa.String(length=2), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.String(length=12), nullable=False, server_default=''))

    with op.batch_alter_table('event_host', schema=None) as batch_op:
        batch_op.add_column(sa.Column('is_given_people', sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table('host_consent', schema=None) as batch_op:
        batch_op.add_column(sa.Column('text', sa.Text(), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('language', sa.String(length=2), nullable=False, server_default=''))
        batch_op.add_column(sa.Column('version', sa.String(length=12), nullable=False, server_default=''))

    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.add_column(sa.Column('told', sa.JSON(), nullable=False, server_default='{}'))



def downgrade() -> None:
    with op.batch_alter_table('registration', schema=None) as batch_op:
        batch_op.drop_column('told')

    with op.batch_alter_table('host_consent', schema=None) as batch_op:
        batch_op.drop_column('version')
        batch_op.drop_column('language')
        batch_op.drop_column('text')

    with op.batch_alter_table('event_host', schema=None) as batch_op:
        batch_op.drop_column('is_given_people')

    with op.batch_alter_table('consent', schema=None) as batch_op:
        batch_op.drop_column('version')
        batch_op.drop_column('language')
        batch_op.drop_column('text')

    with op.batch_alter_table('committee_term', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_committee_term_person_id'))
        batch_op.drop_index(batch_op.f('ix_committee_term_committee_id'))

    op.drop_table('committee_term')
    with op.batch_alter_table('partnership', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partnership_organisation_id'))

    op.drop_table('partnership')
    with op.batch_alter_table('committee', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_committee_sort_key'))

    op.drop_table('committee')
