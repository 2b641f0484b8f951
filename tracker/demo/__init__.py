"""The demonstration: what one province reported in early 2018, loaded from a file into an empty database."""
