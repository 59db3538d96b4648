"""Transition from children's to adults' services, considered from 17 (BR-02)."""
