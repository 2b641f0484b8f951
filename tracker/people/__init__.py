"""Accounts, sign-ins, invitations."""
