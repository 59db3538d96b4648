"""Django's PostgreSQL backend, stamping each transaction with who is asking."""
