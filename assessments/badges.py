"""The tier beside the child's name on every page of the file."""

from typing import Any

from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject

from access.roles import Action
from accounts.models import User
from assessments.models import EffectiveTier
from assessments.presenters import tier_tag
from children.badges import Badge


def _read(user: User) -> Any:
    tiers = EffectiveTier.objects.allowing(user, Action.VIEW_TIER).filter(case=OuterRef("pk"), until_at__isnull=True)
    return Subquery(tiers.values(one=JSONObject(tier="tier", provisional="provisional"))[:1])


def _tag(found: dict[str, Any]) -> dict[str, str]:
    return tier_tag(found["tier"], provisional=found["provisional"])


TIER = Badge(_read, _tag)
