"""How much the proofs asked, printed when the tests end (`tests/conftest.py`)."""

from collections import Counter

COUNTED: Counter[str] = Counter()
