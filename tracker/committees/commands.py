"""`flask committees list`: the forest of units, as lines of text."""

import click
from flask.cli import AppGroup

from tracker.committees import queries
from tracker.committees.queries import Node

committees = AppGroup("committees", help="Units.")


@committees.command("list")
def list_units() -> None:
    """Print every unit with its id, indented below the unit it belongs to."""
    for root in queries.forest():
        _print(root, 0)


def _print(node: Node, depth: int) -> None:
    click.echo(f"{node.unit.id:>5}  {'  ' * depth}{node.unit.name_vi}")
    for below in node.below:
        _print(below, depth + 1)
