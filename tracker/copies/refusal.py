"""Why a copy was not taken or not put in place; the database is as it was."""


class Refusal(Exception):
    """Says it in a sentence."""
