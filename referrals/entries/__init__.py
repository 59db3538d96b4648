"""The service directory: its entries and who keeps them up to date."""
