"""Roles, and which may not be held together. What each role may do is in `access.roles`."""

from django.db.models import TextChoices


class AgencyKind(TextChoices):
    COUNCIL = "council", "Council"
    POLICE = "police", "Police"
    EDUCATION = "education", "School or college"
    HEALTH = "health", "Health"
    VOLUNTARY = "voluntary", "Voluntary sector"


class Role(TextChoices):
    """The roles of DOMAIN section 5.5 and ruling Q21."""

    SOCIAL_WORKER = "social_worker", "Social worker"
    TEAM_MANAGER = "team_manager", "Team manager"
    CHILD_PROTECTION_MANAGER = "child_protection_manager", "Child Protection Manager"
    REVIEWING_OFFICER = "reviewing_officer", "Independent Reviewing Officer or conference chair"
    OUT_OF_HOURS_WORKER = "out_of_hours_worker", "Out-of-hours worker"
    EARLY_HELP = "early_help", "Early help practitioner, school safeguarding lead or MAT worker"
    POLICE_OFFICER = "police_officer", "Police officer"
    HEALTH_PRACTITIONER = "health_practitioner", "Health practitioner"
    VOLUNTARY_WORKER = "voluntary_worker", "Voluntary sector worker"
    YOUTH_JUSTICE = "youth_justice", "Youth justice worker"
    ADULT_SOCIAL_CARE = "adult_social_care", "Adult social care worker"
    DIRECTORY_ADMIN = "directory_admin", "Service directory administrator"
    AUDITOR = "auditor", "Quality assurance auditor"
    SYSTEM_ADMIN = "system_admin", "System administrator"


# Those who oversee the work of others: they agree, chair and review, and lead on no file (ruling Q21).
OVERSEERS = frozenset({Role.CHILD_PROTECTION_MANAGER, Role.REVIEWING_OFFICER})


COUNCIL_ONLY = frozenset({AgencyKind.COUNCIL})

# A role only makes sense in some kinds of agency: nobody becomes a police officer in a school.
AGENCY_KINDS: dict[Role, frozenset[AgencyKind]] = {
    Role.SOCIAL_WORKER: COUNCIL_ONLY,
    Role.TEAM_MANAGER: COUNCIL_ONLY,
    Role.CHILD_PROTECTION_MANAGER: COUNCIL_ONLY,
    Role.REVIEWING_OFFICER: COUNCIL_ONLY,
    Role.OUT_OF_HOURS_WORKER: COUNCIL_ONLY,
    Role.EARLY_HELP: frozenset({AgencyKind.COUNCIL, AgencyKind.EDUCATION}),
    Role.POLICE_OFFICER: frozenset({AgencyKind.POLICE}),
    Role.HEALTH_PRACTITIONER: frozenset({AgencyKind.HEALTH}),
    Role.VOLUNTARY_WORKER: frozenset({AgencyKind.VOLUNTARY}),
    Role.YOUTH_JUSTICE: COUNCIL_ONLY,
    Role.ADULT_SOCIAL_CARE: COUNCIL_ONLY,
    Role.DIRECTORY_ADMIN: COUNCIL_ONLY,
    Role.AUDITOR: COUNCIL_ONLY,
    Role.SYSTEM_ADMIN: COUNCIL_ONLY,
}


def pair_objection(held: Role, wanted: Role) -> str | None:
    """Why one person may not hold both roles, as a sentence, or None (DOMAIN 5.5).

    A system administrator uses a separate account with no other role, so that nobody who can hand out
    access can also read a child's file.
    """
    if held == wanted or Role.SYSTEM_ADMIN not in (held, wanted):
        return None
    other = Role(held if wanted == Role.SYSTEM_ADMIN else wanted)
    return (
        f"System administrator cannot be held together with {other.label}. "
        "Create a separate account for the system administrator."
    )
