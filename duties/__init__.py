"""Mandatory reports: FGM, modern slavery, forced marriage and the others, each with its route and limit."""
