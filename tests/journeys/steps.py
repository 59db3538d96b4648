"""What several journeys begin with: a contact becomes a child, somebody of the family is added, a child is assessed."""

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.utils import timezone

from cre_case.demo.staff import TEAMS, WORKERS
from tests.journeys.walker import Walker

SOURCE = "What her form tutor and she herself said this month."


def name_of(username: str) -> str:
    return next(worker.name for worker in WORKERS if worker.username == username)


def team_name(username: str) -> str:
    key = next(worker.team for worker in WORKERS if worker.username == username)
    return next(team.name for team in TEAMS if team.key == key)


def in_days(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def born(years: int, days_ago: int = 40) -> date:
    """A date of birth: `years` old since so many days."""
    birthday = in_days(-days_ago)
    return birthday.replace(year=birthday.year - years, day=min(birthday.day, 28))


def types_day(who: Walker, name: str, day: date) -> None:
    who.fills(**{f"{name}_day": str(day.day), f"{name}_month": str(day.month), f"{name}_year": str(day.year)})


def types_moment(who: Walker, name: str, day: date, hour: str) -> None:
    types_day(who, name, day)
    who.fills(**{f"{name}_time": hour})


def child_comes_to(walk, worker: str, *, given: str, family: str, birth: date, sex: str = "F") -> str:
    """A school telephones, the contact is accepted and the child allocated. Returns the address of the file."""
    duty, manager = walk("irt.worker"), walk("irt.manager")
    duty.goes_to("/contacts/new/")
    duty.fills(
        child_given_names=given, child_family_name=family, from_name="Mrs Patel", details="Older friends, a car."
    )
    types_day(duty, "child_date_of_birth", birth)
    duty.chooses("method", "phone")
    duty.chooses("source", "school")
    duty.picks("team", "Initial Response")
    duty.presses("Save the contact")
    duty.sees("Waiting to be screened")
    contact = duty.page.url
    manager.goes_to(contact)
    manager.follows("Decide what happens")
    manager.chooses("decision", "accept")
    manager.presses("Record decision")
    duty.goes_to(contact)
    duty.follows("Add the child")
    duty.chooses("sex", sex)
    duty.presses("Add the child")
    duty.sees(f"{given} {family}")
    file = contact.split("/contacts/")[0]
    manager.goes_to(f"{file}/allocate/")
    manager.picks("worker", name_of(worker))
    manager.fills(reason="Knows the school")
    manager.presses("Allocate")
    return file


def person_is_added(who: Walker, file: str, name: str, relationship: str, *, responsible: bool = False) -> None:
    who.goes_to(f"{file}/people/new/")
    who.fills(name=name)
    who.chooses("relationship", relationship)
    who.chooses("parental_responsibility", "yes" if responsible else "no")
    if responsible:
        who.ticks("is_carer")
    who.sends()
    who.sees(name)


def early_help_is_assessed(who: Walker, file: str, summary: str) -> None:
    """An Early Help Assessment, begun two days ago and completed today."""
    who.goes_to(f"{file}/supporting/new/")
    who.chooses("kind", "eha")
    types_moment(who, "started_at", in_days(-2), "09:00")
    who.sends()
    who.follows("Complete")
    types_day(who, "completed_on", in_days(0))
    who.fills(summary=summary)
    who.sends()


def tonight_is_planned(who: Walker, file: str) -> None:
    """An interim safety plan comes into force."""
    who.goes_to(f"{file}/safety-plan/new/")
    who.chooses("kind", "interim")
    who.sends()
    who.page.locator("main a[href$='/tonight/']").first.click()
    who.fills(whom_to_ring="Her aunt, then 101", tonight="She stays with her aunt.")
    who.sends()
    who.page.locator("main a[href$='/in-force/']").first.click()
    who.sends()


def assesses(who: Walker, file: str, *, found: Mapping[str, str] = {}, types: Collection[str] = (),
             pictures: str = "") -> None:  # fmt: skip
    """A whole assessment up to its last page but one: what is named, everything else not present.

    Args:
        found: answers by the item's code. types: of exploitation, suspected. pictures: a name, to look at each page.
    """
    who.goes_to(f"{file}/assessments/")
    who.follows("Start an assessment")
    who.chooses("reason", "new_concern")
    types_day(who, "concern_on", in_days(-3))
    who.fills(sources_used="A visit, the school, her mother")
    who.sends()
    _screening(who, found, pictures)
    tasks = who.page.url
    for page in ("voice", "types", "protective", "people", "analysis"):
        who.goes_to(f"{tasks}{page}/")
        SECTIONS[page](who, types)
        if pictures:
            who.looks(f"{pictures}-{page}")
        who.presses(SAVES.get(page, "Save and continue"))
    who.goes_to(tasks)
    links = who.page.locator("main a[href*='/items/']")
    for address in [links.nth(place).get_attribute("href") for place in range(links.count())]:
        who.goes_to(str(address))
        _answers(who, found)
        if pictures:
            who.looks(f"{pictures}-{str(address).rstrip('/').rsplit('/', 1)[1]}")
        who.presses("Nothing else known: save and continue")
    who.goes_to(tasks)
    if pictures:
        who.looks(f"{pictures}-tasks")


def _screening(who: Walker, found: Mapping[str, str], pictures: str) -> None:
    who.sees("CRE screening")
    _answers(who, found)
    who.fills(worried_about="Older friends who wait for her.")
    if pictures:
        who.looks(f"{pictures}-screening")
    who.presses("Save and come back later")
    who.sees("The screening is saved")


def _answers(who: Walker, found: Mapping[str, str]) -> None:
    asked = who.page.locator("[name^=answer_]").evaluate_all("fields => [...new Set(fields.map(field => field.name))]")
    positive = False
    for name in asked:
        code = name.removeprefix("answer_")
        critical = who.page.locator(f'[name="why_{code}"]').count() > 0
        if code in found or critical:
            who.chooses(name, found.get(code, "none"))
            positive = positive or code in found
    if positive:
        who.page.locator('[name="evidence"]').fill(SOURCE)
        who.chooses("source", "school")
        who.chooses("basis", "fact")


def _voice(who: Walker, types: Collection[str]) -> None:
    who.fills(child_words="I want them to stop waiting for me.")
    who.chooses("voice", "alone")
    types_day(who, "voice_on", in_days(-2))


def _types(who: Walker, types: Collection[str]) -> None:
    for one in types:
        who.chooses(f"type_{one}", "suspected")
    if types:
        who.fills(evidence=SOURCE)


def _protective(who: Walker, types: Collection[str]) -> None:
    who.page.locator("select[name^=factor_]").first.select_option("strong")
    who.fills(evidence="Her aunt, whom she rings every day.")


def _people(who: Walker, types: Collection[str]) -> None:
    for area in who.page.locator("textarea[name^=view_]").all():
        area.fill("Worried, and wants help.")
    who.fills(people_and_places="The bus station; two older boys, said by her friend; not sure.")


def _analysis(who: Walker, types: Collection[str]) -> None:
    who.fills(
        worried_about="Older friends who wait for her.", working_well="She talks to her aunt.",
        would_make_worse="Leaving school.", not_known_yet="Who they are. The police are asked.",
    )  # fmt: skip
    who.chooses("threshold_level", "emerging")


SAVES = {"types": "No other type found: save and continue", "analysis": "Save and come back later"}
SECTIONS = {
    "voice": _voice, "types": _types, "protective": _protective, "people": _people, "analysis": _analysis,
}  # fmt: skip
