"""Conditions spelled so that the database plans a statement once: with a value in it, or with a list as one value."""

import re
from typing import Any

from django.db import models
from django.db.models.fields.related_lookups import RelatedIn
from django.db.models.lookups import In

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


class AnyOf(In):
    """`in` a list of values, sent as one array: the statement is the same however long the list is.

    Django's own has a placeholder for each value, so each length is another statement. Each section of an assessment
    has its own number of questions, and was planned anew, walls and all, for longer than it took to answer.
    """

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        if self.rhs_is_direct_value():
            right, values = self.process_rhs(compiler, connection)
            if right == f"({', '.join(['%s'] * len(values))})":
                left, params = self.process_lhs(compiler, connection)
                return f"{left} = ANY(%s)", (*params, list(values))
        sql: tuple[str, tuple[Any, ...]] = super().as_sql(compiler, connection)
        return sql


class RelatedAnyOf(RelatedIn, AnyOf):
    """The same of a relation."""


models.CharField.register_lookup(Literally)
models.Field.register_lookup(AnyOf)
models.ForeignObject.register_lookup(RelatedAnyOf)
