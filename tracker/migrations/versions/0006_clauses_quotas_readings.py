"""Clauses, weights, lists of units, and percentages that belong to the reading that gave them.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_FIGURE = sa.Numeric(precision=18, scale=3)
_INSTANT = sa.DateTime(timezone=True)
_NO = sa.false()
_OF_MEASURE = (
    ("version", sa.Integer(), "1"),
    ("must_sum", sa.Boolean(), _NO),
    ("is_dropped", sa.Boolean(), _NO),
)
_OF_READING = (
    ("percent_words", sa.Text(), None),
    ("percent_over", _FIGURE, None),
    ("percent_under", _FIGURE, None),
    ("source", sa.Text(), None),
    ("on_behalf", sa.Boolean(), _NO),
    ("confirmed_at", _INSTANT, None),
)
_POINTERS = (
    ("task", "clause_id", "clause"),
    ("lineage", "clause_id", "clause"),
    ("measure", "over_id", "unit"),
    ("reading", "unit_id", "unit"),
    ("reading", "confirmed_by_id", "person"),
)
_INDEXED = ("task", "lineage")
# The newest reading of a measure is the one of which its percentage was told.
_TO_READING = """
UPDATE reading SET
  percent_words = (SELECT percent_words FROM measure WHERE measure.id = reading.measure_id),
  percent_over = (SELECT percent_over FROM measure WHERE measure.id = reading.measure_id)
WHERE id IN (SELECT max(id) FROM reading GROUP BY measure_id)
"""
_TO_MEASURE = """
UPDATE measure SET
  percent_words = (SELECT percent_words FROM reading WHERE reading.measure_id = measure.id
    AND percent_words IS NOT NULL ORDER BY id DESC LIMIT 1),
  percent_over = (SELECT percent_over FROM reading WHERE reading.measure_id = measure.id
    AND percent_words IS NOT NULL ORDER BY id DESC LIMIT 1)
"""


def upgrade() -> None:
    _clauses()
    op.add_column("task", sa.Column("weight", sa.Integer(), nullable=True))
    for table, columns in (("measure", _OF_MEASURE), ("reading", _OF_READING)):
        for name, kind, given in columns:
            column = sa.Column(name, kind, nullable=given is None, server_default=given)
            op.add_column(table, column)
    for table, name, target in _POINTERS:
        pointer = sa.ForeignKey(f"{target}.id", name=f"fk_{table}_{name}")
        op.add_column(table, sa.Column(name, sa.Integer(), pointer), inline_references=True)
    for table in _INDEXED:
        op.create_index(f"ix_{table}_clause_id", table, ["clause_id"])
    op.execute(_TO_READING)
    with op.batch_alter_table("reading") as readings:
        readings.alter_column("value", existing_type=_FIGURE, nullable=True)
    with op.batch_alter_table("measure") as measures:
        measures.drop_column("percent_words")
        measures.drop_column("percent_over")


def _clauses() -> None:
    op.create_table(
        "clause",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("depth", sa.Integer(), nullable=False),
        sa.Column("mark", sa.String(length=40), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("needs_task", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name="fk_clause_document_id"),
        sa.PrimaryKeyConstraint("id", name="pk_clause"),
    )
    op.create_index("ix_clause_document_id_position", "clause", ["document_id", "position"])


def downgrade() -> None:
    op.add_column("measure", sa.Column("percent_words", sa.Text(), nullable=True))
    op.add_column("measure", sa.Column("percent_over", _FIGURE, nullable=True))
    op.execute(_TO_MEASURE)
    # What says nothing but a percentage has no place there; a nought would be a figure nobody stated.
    op.execute("DELETE FROM reading WHERE value IS NULL")
    with op.batch_alter_table("reading") as readings:
        readings.alter_column("value", existing_type=_FIGURE, nullable=False)
    for table in _INDEXED:
        op.drop_index(f"ix_{table}_clause_id", table_name=table)
    _drop_pointers()
    with op.batch_alter_table("task") as tasks:
        tasks.drop_column("weight")
    for table, columns in (("reading", _OF_READING), ("measure", _OF_MEASURE)):
        with op.batch_alter_table(table) as rows:
            for name, _kind, _given in columns:
                rows.drop_column(name)
    op.drop_table("clause")


def _drop_pointers() -> None:
    for table, name, _target in _POINTERS:
        with op.batch_alter_table(table) as rows:
            rows.drop_column(name)
