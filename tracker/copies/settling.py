"""What a copy put in place must not take up where it stopped: mail, leases, sign-ins. Plain SQL for both databases."""

import json


def settling(at: str) -> list[str]:
    """Return the statements; `at` is the machine's instant in UTC, ISO without a zone, and no word of anybody's.

    No mail leaves until somebody releases it. What a worker had taken waits again; what it was about to send may have
    been sent, so it is in doubt. Who was signed in then need not be who may sign in now.
    """
    held = json.dumps({"since": f"{at}+00:00"})
    instant = at.replace("T", " ")
    return [
        "DELETE FROM setting WHERE key IN ('mail_held', 'worker_tick')",
        f"INSERT INTO setting (key, value) VALUES ('mail_held', '{held}')",  # noqa: S608
        f"UPDATE sign_in SET ended_at = '{instant}' WHERE ended_at IS NULL",  # noqa: S608
        *of_mail(),
    ]


def of_mail() -> list[str]:
    """Return those about the outbox, which copies before migration 0003 do not have."""
    before = "CASE WHEN doubts > 0 THEN 'ambiguous' WHEN attempts > 0 THEN 'retry' ELSE 'due' END"
    free = "owner = NULL, leased_until = NULL"
    doubted = f"state = 'ambiguous', doubts = doubts + 1, {free}"
    return [
        f"UPDATE mail SET state = {before}, {free} WHERE state = 'leased'",  # noqa: S608
        f"UPDATE mail SET {doubted} WHERE state = 'attempting'",  # noqa: S608
        # With a reason it is left to the administrators: it may have been sent after the copy was taken.
        "UPDATE mail SET reason = 'restored' WHERE state = 'ambiguous' AND reason IS NULL",
    ]
