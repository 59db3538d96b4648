"""Who is measured, and what each of them looks at: the same for every mode of a city."""

from dataclasses import dataclass
from typing import Any

import psycopg

SECTIONS = "ABCDEFGJKVN"
SAVE = "save "  # before a path: its form is sent, with every answer "not present"
KEEP = "keep "  # before a path: its form is sent as the page's script does while somebody types
SAMPLES = 20  # different children, so that no page is answered from one warm row

_FILES = """
SELECT DISTINCT f.id, f.reference, c.given_names, c.family_name
FROM access_casefile AS f
JOIN children_child AS c ON c.case_id = f.id
JOIN access_caseaccess AS a ON a.case_id = f.id AND (a.valid_until IS NULL OR a.valid_until > now())
JOIN accounts_subject AS s ON s.id = a.subject_id
JOIN accounts_user AS u ON u.username = %s
LEFT JOIN accounts_membership AS m ON m.user_id = u.id AND m.team_id = s.team_id
WHERE (s.user_id = u.id OR m.id IS NOT NULL)
ORDER BY f.reference
"""
_ANY_FILES = """
SELECT f.id, f.reference, c.given_names, c.family_name
FROM access_casefile AS f JOIN children_child AS c ON c.case_id = f.id
ORDER BY md5(f.reference) LIMIT %s
"""
_WITH_A_PLAN = "SELECT case_id FROM plans_serviceplan WHERE case_id = ANY(%s)"
_LEADS = "SELECT count(*) FROM access_allocation AS a JOIN accounts_user AS u ON u.id = a.worker_id WHERE u.username = %s AND a.ended_at IS NULL"  # noqa: E501
_NUMBERS = "SELECT case_id, nhs_number FROM children_childprofile WHERE case_id = ANY(%s) AND nhs_number <> ''"


@dataclass(frozen=True, slots=True)
class Person:
    key: str
    username: str
    sees: int
    paths: dict[str, list[str]]  # by the name of the page
    files: list[str]
    leads: int = 0


# Who, their user name, whether their access is to every file.
WHO = (
    ("social worker", "area1.worker1", False),
    ("manager", "area1.manager", False),
    ("police", "area3.police", False),  # some of their files have a plan
    ("auditor", "auditor", True),
)


def misspell(name: str) -> str:
    """A name as it is heard: a doubled letter, and another for one that sounds the same."""
    part = name.split()[0].split("-")[0]
    for right, wrong in (
        ("ck", "k"),
        ("ph", "f"),
        ("y", "i"),
        ("c", "k"),
        ("ie", "y"),
        ("s", "ss"),
        ("l", "ll"),
    ):
        if right in part[1:]:
            return part[0] + part[1:].replace(right, wrong, 1)
    return part + part[-1]


def people(owner_url: str) -> list[Person]:
    with psycopg.connect(owner_url) as connection:
        return [_person(connection, key, username, everywhere=all_files) for key, username, all_files in WHO]


def _person(connection: psycopg.Connection[Any], key: str, username: str, *, everywhere: bool) -> Person:
    held: list[Any] = []
    if everywhere:
        files = connection.execute(_ANY_FILES, [SAMPLES]).fetchall()
        (sees,) = connection.execute("SELECT count(*) FROM access_casefile").fetchone() or (0,)
    else:
        files = connection.execute(_FILES, [username]).fetchall()
        held = [file[0] for file in files]
        sees, files = len(files), files[:: max(1, len(files) // SAMPLES)][:SAMPLES]
    (leads,) = connection.execute(_LEADS, [username]).fetchone() or (0,)
    numbers = dict(connection.execute(_NUMBERS, [[file[0] for file in files]]).fetchall())
    paths = {
        "worklist": ["/children/"],
        "search: exact name": [f"/search/?q={file[3].split()[0]}" for file in files],
        "search: misspelt": [f"/search/?q={misspell(file[3])}" for file in files],
        "search: NHS number": [f"/search/?q={numbers[file[0]]}" for file in files if file[0] in numbers],
        "search: reference": [f"/search/?q={file[1]}" for file in files],
        "case file": [f"/cases/{file[0]}/" for file in files],
    }
    paths |= _plans(connection, key, held)
    return Person(key, username, sees, paths, [str(file[0]) for file in files], leads)


def _plans(connection: psycopg.Connection[Any], key: str, files: list[Any]) -> dict[str, list[str]]:
    """The page of the plan, for those who work with it or with whom it is shared."""
    page = {"social worker": "plan", "manager": "plan", "police": "shared plan"}.get(key, "")
    planned = [case for (case,) in connection.execute(_WITH_A_PLAN, [files]).fetchall()][:SAMPLES]
    return {page: [f"/cases/{case}/plan/" for case in planned]} if page and planned else {}


def sections(drafts: list[tuple[str, int]]) -> dict[str, list[str]]:
    """Pages of assessments being written, and the same to be sent."""
    paths = [f"/cases/{case}/assessments/{draft}/items/{code}/" for case, draft in drafts for code in SECTIONS]
    return {
        "assessment section": paths,
        "assessment section: save": [f"{SAVE}{path}" for path in paths],
        "assessment section: keep": [f"{KEEP}{path}" for path in paths],
        "assessments compared": [f"/cases/{case}/assessments/{draft}/compare/" for case, draft in drafts],
    }
