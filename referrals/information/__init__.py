"""Operation Liberty: what professionals tell the police (BR-13)."""
