"""People, teams and roles. It stands in `access`, because to give somebody a role is to give access."""
