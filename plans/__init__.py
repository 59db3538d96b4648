"""The service plan and the contextual safety plan."""
