"""Who keeps an entry of the directory up to date: rights on one entry each, kept by django-guardian.

The only place that asks it. A right counts while its holder works for the entry's provider; nobody has one by being
anything else. The database asks the same (`sec.maintained_services`).
"""

from typing import Any

from guardian.shortcuts import (  # noqa: TID251 -- this is the one place
    assign_perm,
    get_objects_for_user,
    get_users_with_perms,
    remove_perm,
)

from access.permissions import may
from access.roles import Action
from access.standing import standing_of
from accounts.models import User
from referrals.models import Service

RIGHT = "maintain_service"


def maintained_by(user: User) -> frozenset[int]:
    """The entries this person was given, of a provider they work for."""
    given = get_objects_for_user(
        user, f"referrals.{RIGHT}", Service, use_groups=False, with_superuser=False, accept_global_perms=False
    )
    agencies = standing_of(user).agency_ids
    return frozenset(given.filter(provider__in=agencies).values_list("pk", flat=True))


def may_maintain(user: User, service: Service) -> bool:
    """The directory administrator, and those of the provider who were given this entry."""
    return may(user, Action.MANAGE_DIRECTORY) or service.pk in maintained_by(user)


def maintainers_of(service: Service) -> list[User]:
    """Who holds the right on the entry, by name."""
    held: Any = get_users_with_perms(service, with_superusers=False, with_group_users=False, only_with_perms_in=[RIGHT])
    return list(held.order_by("name"))


def give(service: Service, person: User) -> None:
    assign_perm(RIGHT, person, service)


def take(service: Service, person: User) -> None:
    remove_perm(RIGHT, person, service)
