"""What happened: append-only events, each told as one sentence."""
