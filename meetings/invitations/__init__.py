"""Who is invited to a meeting, who is not and why, and what they answer."""
