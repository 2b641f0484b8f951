"""The outbox: what is to be sent to whom, and how far it has come. The row is the truth, a queue only wakes."""
