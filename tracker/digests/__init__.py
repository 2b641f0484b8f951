"""The digest: at most one honest mail a day, composed from rows and a day, and what each person wants of it."""
