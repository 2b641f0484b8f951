"""Targets and dated readings; what nobody stated is unknown, never nought."""
