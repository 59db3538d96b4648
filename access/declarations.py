"""Each view says who it is for. One that says nothing is not served (`access.middleware.DeclaredAccess`)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from access.roles import Action

V = TypeVar("V", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Declared:
    """`action` None: for anyone signed in, or for anyone at all where `public`."""

    action: Action | None = None
    public: bool = False
    on_a_file: bool = False


PUBLIC = Declared(public=True)
SIGNED_IN = Declared()


def for_everyone(view: V) -> V:
    """For anyone, signed in or not: sign-in itself, error pages, the liveness check."""
    view.declared_access = PUBLIC  # type: ignore[attr-defined]
    return view


def for_signed_in(view: V) -> V:
    view.declared_access = SIGNED_IN  # type: ignore[attr-defined]
    return view


def declared_access(view: Callable[..., Any]) -> Declared | None:
    """What a view (function, or class behind `as_view`) declares, or None. What its address says goes first."""
    own: Declared | None = getattr(view, "declared_access", None)
    return own or getattr(getattr(view, "view_class", None), "declared_access", None)
