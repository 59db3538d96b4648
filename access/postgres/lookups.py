"""A condition whose value stands in the statement itself."""

import re
from typing import Any

from django.db import models

WORD = re.compile(r"[a-z][a-z_]*")


class Literally(models.Lookup):
    """One word, or one of several, of a fixed list of the program's own, such as a state.

    The plan of a statement is made once for every value it may be sent with (see `base`), so it can use an index on
    the rows of one state only where that state is part of the statement.

    Raises:
        ValueError: it is no such word. What somebody typed never comes here.
    """

    lookup_name = "literally"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        left, params = self.process_lhs(compiler, connection)
        several = isinstance(self.rhs, (list, tuple, set, frozenset))
        words = sorted(map(str, self.rhs)) if several else [str(self.rhs)]
        if not words or not all(map(WORD.fullmatch, words)):
            raise ValueError(f"{words} are no words of the program's own.")
        quoted = [f"'{word}'" for word in words]
        return f"{left} IN ({', '.join(quoted)})" if several else f"{left} = {quoted[0]}", tuple(params)


models.CharField.register_lookup(Literally)
