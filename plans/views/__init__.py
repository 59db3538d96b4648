"""Pages of the service plan, the safety plan and transition."""
