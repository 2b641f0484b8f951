"""Extensions, recurring duties, the organisation's own days, feeds of a calendar.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_INSTANT = sa.DateTime(timezone=True)
_OCCURRENCE = sa.text("tie = 'occurrence'")
_LIVE = sa.text("ended_at IS NULL")
_OF_TASK = (
    ("repeats_until_on", sa.Date()),
    ("rest_rule", sa.String(length=24)),
    ("period_on", sa.Date()),
    ("review_days", sa.Integer()),
)
_OF_ASK = (
    ("result", sa.Text()),
    ("proposed_kind", sa.String(length=12)),
    ("proposed_words", sa.Text()),
    ("proposed_on", sa.Date()),
    ("granted_words", sa.Text()),
    ("granted_on", sa.Date()),
)


def upgrade() -> None:
    for table, columns in (("task", _OF_TASK), ("ask", _OF_ASK)):
        for name, kind in columns:
            op.add_column(table, sa.Column(name, kind, nullable=True))
    op.create_index(
        "uq_task_occurrence",
        "task",
        ["parent_id", "period_on"],
        unique=True,
        sqlite_where=_OCCURRENCE,
        postgresql_where=_OCCURRENCE,
    )
    _special_days()
    _feeds()


def _special_days() -> None:
    op.create_table(
        "special_day",
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("name_vi", sa.String(length=1000), nullable=True),
        sa.Column("name_en", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("on", name="pk_special_day"),
    )


def _feeds() -> None:
    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("covers", sa.String(length=24), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("made_at", _INSTANT, nullable=False),
        sa.Column("ended_at", _INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_feed_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feed"),
        sa.UniqueConstraint("token_hash", name="uq_feed_token_hash"),
    )
    op.create_index(
        "uq_feed_person_id",
        "feed",
        ["person_id"],
        unique=True,
        sqlite_where=_LIVE,
        postgresql_where=_LIVE,
    )


def downgrade() -> None:
    op.drop_table("feed")
    op.drop_table("special_day")
    op.drop_index("uq_task_occurrence", table_name="task")
    for table, columns in (("ask", _OF_ASK), ("task", _OF_TASK)):
        with op.batch_alter_table(table) as rows:
            for name, _kind in columns:
                rows.drop_column(name)
