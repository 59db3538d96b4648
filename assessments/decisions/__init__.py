"""From a proposal to the tier in effect: the manager's decision, the Child Protection Manager's agreement."""
