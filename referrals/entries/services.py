"""Changing the directory: its administrator every entry, a provider's own people theirs."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NoReturn

from django.utils import timezone

from access import ledger
from access.actions import role_action
from access.permissions import NotAllowed, may, sentence
from access.refusals import Refused
from access.roles import Action
from access.versions import save_version
from accounts.models import User
from referrals.checks import cleaned
from referrals.maintainers import give, maintained_by, take
from referrals.models import Service

# What a provider may change of its own entry. The rest is the directory administrator's.
PROVIDER_FACTS = frozenset(
    {"does", "youngest", "oldest", "types", "for_parents", "how_to_refer", "phone", "email", "replies_within"}
)
SERVICE_FACTS = PROVIDER_FACTS | {"name", "provider", "team", "items", "lowest_tier"}


def _ages_in_order(facts: Mapping[str, Any]) -> None:
    youngest, oldest = facts.get("youngest"), facts.get("oldest")
    if youngest is not None and oldest is not None and oldest < youngest:
        raise Refused("The oldest age must not be below the youngest.")


def _name_is_free(facts: Mapping[str, Any], service: Service | None = None) -> None:
    taken = Service.objects.filter(name__iexact=facts.get("name", ""))
    if (taken.exclude(pk=service.pk) if service else taken).exists():
        raise Refused("There is an entry with this name. Change that one, or choose another name.")


def _team_of_provider(facts: Mapping[str, Any]) -> None:
    team, provider = facts.get("team"), facts.get("provider")
    if team is not None and (provider is None or team.agency_id != provider.pk):
        raise Refused("The team that receives referrals must be a team of the provider.")


@role_action(Action.MANAGE_DIRECTORY)
def add_service(*, by: User, **facts: Any) -> Service:
    """Adds an entry. `facts`: fields of `SERVICE_FACTS`; `team` must be the provider's.

    Raises:
        Refused: the name is taken, or the facts do not go together.
    """
    _only(facts, SERVICE_FACTS)
    _name_is_free(facts)
    _ages_in_order(facts)
    _team_of_provider(facts)
    added: Service = Service.objects.create(checked_on=timezone.localdate(), **cleaned(Service, facts))
    return added


def _only(facts: Mapping[str, Any], known: frozenset[str]) -> None:
    strangers = sorted(facts.keys() - known)
    if strangers:
        raise TypeError(f"An entry has nothing to change called {', '.join(strangers)}.")


def _refuse_entry() -> NoReturn:
    ledger.record_denial(ledger.Kind.DENIED, action=Action.MANAGE_DIRECTORY)
    raise NotAllowed(sentence(Action.MANAGE_DIRECTORY))


def _entry(by: User, service: Service, facts: Mapping[str, Any] | None = None) -> None:
    """Refuses whoever does not keep this entry up to date, and what they may not change of it."""
    if not may(by, Action.MANAGE_DIRECTORY) and (
        service.pk not in maintained_by(by) or (facts or {}).keys() - PROVIDER_FACTS
    ):
        _refuse_entry()
    if service.ended_at is not None:
        raise Refused(f"{service.name} has ended and stays as it was.")


@role_action(Action.VIEW_DIRECTORY)
def update_service(*, by: User, service: Service, version: int, **facts: Any) -> Service:
    """Changes an entry: the directory administrator all of it, its provider's people `PROVIDER_FACTS`.

    It counts as checked today. The version before is kept by the database.

    Raises:
        NotAllowed: neither. Refused: the entry has ended, or the facts do not go together. StaleRecord: somebody
            saved it meanwhile.
    """
    _only(facts, SERVICE_FACTS)
    _entry(by, service, facts)
    together = {**{name: getattr(service, name) for name in SERVICE_FACTS}, **facts}
    _name_is_free(together, service)
    _ages_in_order(together)
    _team_of_provider(together)
    return save_version(service, version, checked_on=timezone.localdate(), **cleaned(Service, facts))


@role_action(Action.VIEW_DIRECTORY)
def check_service(*, by: User, service: Service, version: int) -> Service:
    """Says that everything in the entry is right today. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, checked_on=timezone.localdate())


@role_action(Action.VIEW_DIRECTORY)
def pause_service(*, by: User, service: Service, version: int, until: date, reason: str) -> Service:
    """The service takes no new referrals up to and including `until`. What was sent before goes on.

    Raises as `update_service`; Refused also where the day has passed or no reason is given.
    """
    _entry(by, service)
    if until < timezone.localdate():
        raise Refused("The last day of the pause must be today or later.")
    if not reason.strip():
        raise Refused("Say why the service takes no referrals: workers see it beside the entry.")
    return save_version(service, version, **cleaned(Service, {"paused_until": until, "pause_reason": reason}))


@role_action(Action.VIEW_DIRECTORY)
def reopen_service(*, by: User, service: Service, version: int) -> Service:
    """The service takes referrals again. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, paused_until=None, pause_reason="")


@role_action(Action.VIEW_DIRECTORY)
def end_service(*, by: User, service: Service, version: int) -> Service:
    """Ends an entry for good; nothing is ever deleted. Referrals that were sent go on. Raises as `update_service`."""
    _entry(by, service)
    return save_version(service, version, ended_at=timezone.now())


@role_action(Action.MANAGE_DIRECTORY)
def let_maintain(*, by: User, service: Service, person: User) -> Service:
    """Lets somebody of the provider keep the entry up to date.

    Raises:
        Refused: the entry has no provider with accounts here, or the person does not work for it.
    """
    live = person.memberships.filter(ended_at__isnull=True, team__agency=service.provider_id, user__is_active=True)
    if service.provider_id is None or not live.exists():
        raise Refused("Only somebody who works for the provider can keep its entry up to date.")
    give(service, person)
    return service


@role_action(Action.MANAGE_DIRECTORY)
def stop_maintaining(*, by: User, service: Service, person: User) -> Service:
    """Takes that right away, at once."""
    take(service, person)
    return service
