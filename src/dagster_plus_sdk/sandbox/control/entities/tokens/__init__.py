"""Tokens of users, agents, service users, and of SCIM."""
