"""The agencies and teams of the city and the people who work in them, with what each is meant to see."""

from dataclasses import dataclass

from access.parts import SOCIAL_CARE_LABELS, Label
from access.roles import Level
from accounts.roles import AgencyKind, Role

COUNCIL = "Derby City Council"
POLICE = "Derbyshire Constabulary"
SCHOOL = "Quillfield Academy"
HEALTH = "Derwentside Health Trust"
VOLUNTARY = "Safe and Sound"

AGENCIES: dict[str, AgencyKind] = {
    COUNCIL: AgencyKind.COUNCIL,
    POLICE: AgencyKind.POLICE,
    SCHOOL: AgencyKind.EDUCATION,
    HEALTH: AgencyKind.HEALTH,
    VOLUNTARY: AgencyKind.VOLUNTARY,
}

# Quality assurance looks at practice: not at where a child is hidden, nor at privileged advice.
QUALITY_LABELS = SOCIAL_CARE_LABELS - {Label.LOCKED_LOCATION, Label.LEGAL}


@dataclass(frozen=True, slots=True)
class TeamPlan:
    """A team, under the key the rest of the city calls it by."""

    key: str
    name: str
    agency: str = COUNCIL
    receives_contacts: bool = False
    city_wide_level: int = 0
    city_wide_labels: frozenset[Label] = frozenset()


@dataclass(frozen=True, slots=True)
class Worker:
    username: str
    name: str
    job_title: str
    role: Role
    team: str
    can: str = ""  # for the table of accounts; empty for those who only fill the teams
    sees: int = 0  # files, in the demo: said in the table, held to by the tests


TEAMS = (
    TeamPlan("irt", "Initial Response Team", receives_contacts=True),
    TeamPlan("locality1", "Locality 1 MAT and social work team"),
    TeamPlan("locality2", "Locality 2 MAT and social work team"),
    TeamPlan("cre", "CRE team"),
    TeamPlan("cpm", "Child Protection Managers"),
    TeamPlan("iro", "Independent Reviewing Officers"),
    TeamPlan(
        "edt", "Out-of-hours team", receives_contacts=True,
        city_wide_level=Level.WORK, city_wide_labels=SOCIAL_CARE_LABELS,
    ),
    TeamPlan("qa", "Quality assurance", city_wide_level=Level.VIEW, city_wide_labels=QUALITY_LABELS),
    TeamPlan("directory", "Service directory"),
    TeamPlan("systems", "Systems"),
    TeamPlan("police", "Exploitation team", POLICE),
    TeamPlan("school", "Safeguarding team", SCHOOL),
    TeamPlan("health", "Safeguarding children team", HEALTH),
    TeamPlan("voluntary", "Direct work team", VOLUNTARY),
)  # fmt: skip

WORKERS = (
    Worker(
        "social.worker", "Maryam Osei-Lund", "Social worker", Role.SOCIAL_WORKER, "locality1",
        "Her team’s files; leads on 14. Records contacts, writes notes, shares files",
        sees=22,
    ),
    Worker(
        "social.worker2", "Daniel Whitcombe", "Social worker", Role.SOCIAL_WORKER, "locality2",
        "Another team’s files; leads on 11. One more is closed to him: a relative",
        sees=18,
    ),
    Worker(
        "team.manager", "Harpreet Sandhu-Moss", "Team manager", Role.TEAM_MANAGER, "locality1",
        "Her team’s files. Allocates the two that wait for a worker; closes a file to a person",
        sees=22,
    ),
    Worker(
        "cpm", "Folasade Adeyemi-Hart", "Child Protection Manager", Role.CHILD_PROTECTION_MANAGER, "cpm",
        "Files given to the Child Protection Managers: Medium, High, or low that waits for their answer",
        sees=32,
    ),
    Worker(
        "iro", "Gareth Llewellyn-Boon", "Independent Reviewing Officer", Role.REVIEWING_OFFICER, "iro",
        "Files of looked-after children and child protection plans, given to the reviewing officers",
        sees=9,
    ),
    Worker(
        "edt", "Ewa Nowicka-Shaw", "Out-of-hours social worker", Role.OUT_OF_HOURS_WORKER, "edt",
        "Every file, confidential addresses too, after giving a reason. Records and screens contacts",
        sees=69,
    ),
    Worker(
        "police", "Tom Ashgrove-Lee", "Detective constable", Role.POLICE_OFFICER, "police",
        "Files shared with the exploitation team, and its own notes. Two shares have ended: not there",
        sees=6,
    ),
    Worker(
        "school", "Priya Raman-Holt", "Designated safeguarding lead", Role.EARLY_HELP, "school",
        "Pupils whose files were shared with the school, and its own notes",
        sees=4,
    ),
    Worker(
        "health", "Siobhan Keane-Abebe", "Named nurse", Role.HEALTH_PRACTITIONER, "health",
        "Files shared with the trust, and its own notes",
        sees=4,
    ),
    Worker(
        "voluntary", "Jamal Renwick", "Direct worker", Role.VOLUNTARY_WORKER, "voluntary",
        "Name, age and who leads for files shared with Safe and Sound; warnings for visitors; its own notes",
        sees=4,
    ),
    Worker(
        "directory.admin", "Olena Marchenko-Pike", "Directory officer", Role.DIRECTORY_ADMIN, "directory",
        "The service directory and the versions of the toolkit. No child’s file",
    ),
    Worker(
        "auditor", "Winston Clarke-Bell", "Practice auditor", Role.AUDITOR, "qa",
        "Every file to read, after giving a reason; not confidential addresses. Changes nothing",
        sees=69,
    ),
    Worker(
        "system.admin", "Beth Farrow-Singh", "Systems officer", Role.SYSTEM_ADMIN, "systems",
        "Accounts, teams and roles. No child’s file, and cannot give herself access",
    ),
    Worker(
        "irt.manager", "Nadia Hussain-Cole", "Team manager, initial response", Role.TEAM_MANAGER, "irt",
        "Screens the contacts that wait; allocates accepted files to a team",
        sees=17,
    ),
    Worker("irt.worker", "Rhys Appleton-Dar", "Social worker", Role.SOCIAL_WORKER, "irt"),
    Worker("locality1.worker", "Chidi Okonjo-Marsh", "Social worker", Role.SOCIAL_WORKER, "locality1"),
    Worker("locality2.manager", "Agnieszka Zielona-Ward", "Team manager", Role.TEAM_MANAGER, "locality2"),
    Worker("locality2.worker", "Sunita Varma-Field", "Social worker", Role.SOCIAL_WORKER, "locality2"),
    Worker("cre.manager", "Stephen Molloy-Grant", "Team manager, exploitation", Role.TEAM_MANAGER, "cre"),
    Worker("cre.worker", "Leila Farahani", "Exploitation social worker", Role.SOCIAL_WORKER, "cre"),
)  # fmt: skip

WORKERS_IN_A_TEAM = 8
CHILDREN_OF_A_WORKER = 18
AREA_CHILDREN = WORKERS_IN_A_TEAM * CHILDREN_OF_A_WORKER
AREAS_OF_A_CHAIR = 10  # areas that one team of Child Protection Managers, or of reviewing officers, serves

_PARTNERS = (
    ("police", POLICE, Role.POLICE_OFFICER),
    ("school", SCHOOL, Role.EARLY_HELP),
    ("health", HEALTH, Role.HEALTH_PRACTITIONER),
    ("voluntary", VOLUNTARY, Role.VOLUNTARY_WORKER),
)
_CHAIRS = (
    ("cpm", "Child Protection Managers", Role.CHILD_PROTECTION_MANAGER),
    ("iro", "Independent Reviewing Officers", Role.REVIEWING_OFFICER),
)


@dataclass(frozen=True, slots=True)
class Staffing:
    teams: tuple[TeamPlan, ...]
    workers: tuple[Worker, ...]


def chair_team(key: str, area: int) -> str:
    """The key of the team of chairs (`cpm` or `iro`) that serves an area."""
    return f"{key}{area // AREAS_OF_A_CHAIR}"


def demo_staffing() -> Staffing:
    return Staffing(TEAMS, WORKERS)


def grown_staffing(areas: int) -> Staffing:
    """The demo's people, and as many more areas: each a social work team and the partners that work with it."""
    teams, workers = list(TEAMS), list(WORKERS)
    for area in range(areas):
        new_teams, new_workers = _area(area)
        teams += new_teams
        workers += new_workers
    for group in range(-(-areas // AREAS_OF_A_CHAIR)):
        for key, name, role in _CHAIRS:
            teams.append(TeamPlan(f"{key}{group}", f"{name}, group {group + 1}"))
            workers.append(
                Worker(f"group{group + 1}.{key}", f"{name[:-1]} of group {group + 1}", "", role, f"{key}{group}")
            )
    return Staffing(tuple(teams), tuple(workers))


def _area(area: int) -> tuple[list[TeamPlan], list[Worker]]:
    label = f"area {area + 1}"
    teams = [TeamPlan(f"area{area}", f"Social work team, {label}")]
    workers = [
        Worker(f"area{area + 1}.manager", f"Manager of {label}", "Team manager", Role.TEAM_MANAGER, f"area{area}")
    ]
    for number in range(1, WORKERS_IN_A_TEAM + 1):
        username = f"area{area + 1}.worker{number}"
        workers.append(
            Worker(username, f"Worker {number} of {label}", "Social worker", Role.SOCIAL_WORKER, f"area{area}")
        )
    for key, agency, role in _PARTNERS:
        teams.append(TeamPlan(f"{key}{area}", f"Team for {label}", agency))
        workers.append(Worker(f"area{area + 1}.{key}", f"{key.title()} worker of {label}", "", role, f"{key}{area}"))
    return teams, workers
