"""Multi-agency meetings: invitations, attendance, decisions and actions."""
