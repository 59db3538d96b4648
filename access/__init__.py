"""Who may open which child's file, why and until when; the two walls; the ledger."""
