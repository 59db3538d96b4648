"""For which agency somebody writes on a file."""

from access.models import CaseFile
from access.parts import Label
from access.querysets import granted
from access.roles import CASE_ACTIONS, OWN_AGENCY_ACTIONS, ROLE_ACTIONS, Action
from access.standing import Post, standing_of
from accounts.models import Agency, User


def agency_for(by: User, action: Action, case: CaseFile) -> Agency:
    """The agency a person does `action` for: of several, the first with a grant on the file, or else the first joined.

    Only for somebody who may do it: raises IndexError otherwise.
    """
    posts = [post for post in standing_of(by).posts if _labels(post, action)]
    several = len({post.agency_id for post in posts}) > 1
    holding = [post for post in posts if several and _holds(post, action, case)]
    return Agency.objects.get(pk=(holding or posts)[0].agency_id)


def _labels(post: Post, action: Action) -> list[Label]:
    """The labels of which any one lets this post do it: the part's or, for its own agency's only, the file itself."""
    every = [CASE_ACTIONS[action].part.label] if action in ROLE_ACTIONS[post.role] else []
    own = [Label.CORE] if action in OWN_AGENCY_ACTIONS.get(post.role, ()) else []
    return [*every, *own]


def _holds(post: Post, action: Action, case: CaseFile) -> bool:
    level = CASE_ACTIONS[action].level
    held = [granted("pk", [post.team_subject_id], label, level) for label in _labels(post, action)]
    return post.city_wide_level >= level or any(CaseFile.objects.filter(one, pk=case.pk).exists() for one in held)
