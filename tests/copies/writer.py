"""A process that writes as the site does: each commit counts in two places at once, so a torn copy shows."""

import itertools
import sys

from sqlalchemy import create_engine, text

from tracker.db import engine_options

ONE = "INSERT INTO attempt (key, at) VALUES ('copies', '2026-01-01 00:00:00')"
OTHER = "UPDATE setting SET value = :value WHERE key = 'copies'"


def main(url: str) -> None:
    """Commit until killed; the first commit is announced."""
    engine = create_engine(url, **engine_options(url))
    for number in itertools.count(1):
        with engine.connect() as connection:
            connection.execute(text(OTHER), {"value": f'{{"n": {number}}}'})
            connection.execute(text(ONE))
            connection.commit()
        if number == 1:
            sys.stdout.write("writing\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
