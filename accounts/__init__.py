"""Who works here: agencies, teams, people, their roles, and how they sign in."""
