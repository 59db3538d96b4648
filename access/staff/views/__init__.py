"""Pages of the system administrator: accounts, roles, teams. No child stands on any of them."""
