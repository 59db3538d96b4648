"""Starts the program on a machine with nothing but Python: environment, PostgreSQL, Redis, processes.

Runs on the system's Python first, so the modules it needs before the virtual environment exists import
nothing but the standard library.
"""
