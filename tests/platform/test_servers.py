"""The servers of the tests are the real ones."""

import redis

from tests.databases import PostgreSQL


def test_postgresql_is_real(postgresql: PostgreSQL):
    assert postgresql.execute("SELECT version()")[0][0].startswith("PostgreSQL")


def test_redis_is_real(redis_url: str):
    with redis.Redis.from_url(redis_url) as connection:
        assert connection.info("server")["redis_version"]
        assert connection.dbsize() == 0
