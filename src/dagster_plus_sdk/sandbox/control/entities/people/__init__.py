"""Users, teams, service users, and what they may do."""
