"""Signing in with an account of the council's own directory (OpenID Connect). allauth does the work."""
