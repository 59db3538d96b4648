"""Pages of the directory, of referrals, of the escalation route and of information for the police."""
