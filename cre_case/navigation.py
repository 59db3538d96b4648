"""What every page's header needs: where this person can go, and who they are."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from access.permissions import may
from access.roles import Action
from access.standing import standing_of
from accounts.models import User
from accounts.notices import unread

# (text, URL name, the action without which the link is not shown)
LINKS = (
    ("My children", "worklist", Action.LIST_CHILDREN),
    ("What is due", "due", Action.VIEW_DEADLINES),
    ("Find a child", "search", Action.LIST_CHILDREN),
    ("Decisions", "decisions_waiting", Action.VIEW_DECISIONS),
    ("Our actions", "own_actions", Action.VIEW_ITEMS),
    ("Contacts", "contacts", Action.VIEW_CONTACTS),
    ("Meetings", "my_meetings", Action.VIEW_MEETINGS),
    ("Referrals", "referrals", Action.VIEW_REFERRALS),
    ("Tasking list", "tasking_list", Action.VIEW_TASKING),
    ("Information received", "information_received", Action.RECEIVE_INFORMATION),
    ("Decisions by group", "fairness", Action.VIEW_FAIRNESS),
    ("Ledger", "ledger", Action.SEARCH_LEDGER),
    ("Unusual reading", "unusual_reading", Action.SEARCH_LEDGER),
    ("Opened for a reason", "emergencies", Action.REVIEW_EMERGENCIES),
    ("Accounts", "staff", Action.MANAGE_STAFF),
    ("System health", "health", Action.VIEW_HEALTH),
    ("Services", "services", Action.VIEW_DIRECTORY),
    ("Toolkit", "toolkits", Action.MANAGE_TOOLKIT),
)
# Lists of one's own agency, which for the council would be everything.
FOR_PARTNERS = frozenset({"own_actions"})


def navigation(request: HttpRequest) -> dict[str, Any]:
    """Links for the person's roles. None before sign-in, nor on error pages."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"navigation": [], "signed_in_as": None}
    links: list[dict[str, Any]] = [
        {"text": text, "href": href, "current": is_current(request.path, href)} for text, href in sections(user)
    ]
    inbox = reverse("notices")
    links.append({"text": "Notices", "href": inbox, "current": request.path == inbox, "count": unread(user) or None})
    person = {"name": user.name, "href": reverse("mfa_index")}
    return {"navigation": links, "signed_in_as": person}


def sections(user: User) -> list[tuple[str, str]]:
    """The parts of the program open to this person's roles, as (text, address): the first is where they start."""
    is_partner = bool(standing_of(user).partner_agency_ids)
    open_to = [(text, name) for text, name, action in LINKS if may(user, action)]
    return [(text, reverse(name)) for text, name in open_to if is_partner or name not in FOR_PARTNERS]


def is_current(path: str, section: str) -> bool:
    """The page is of the section. A child's file belongs to the list of children."""
    return path.startswith(section) or (section == reverse("worklist") and path.startswith("/cases/"))
