"""A girl of 15 whom her school assesses: low, decided by a manager, with the twelve items of low and no other.

The school has no script in its browser.
"""

from tests.journeys.steps import assesses, born, child_comes_to, early_help_is_assessed, in_days, team_name, types_day

FOUND = {"F02": "current", "E04": "suspected"}
LOW_ITEMS = [f"L{number:02}" for number in range(1, 13)]


def codes(who) -> list[str]:
    return [line.strip()[:3] for line in who.page.locator("main table tbody tr").all_text_contents()]


def test_a_school_assesses_and_the_plan_of_low_opens(walk):
    worker, manager = walk("social.worker"), walk("team.manager")
    file = child_comes_to(walk, "social.worker", given="Amabel", family="Solano-Field", birth=born(15))
    worker.goes_to(f"{file}/details/child/")
    worker.chooses("send_status", "none")
    worker.sends()
    worker.goes_to(f"{file}/share/")
    worker.picks("team", team_name("school"))
    worker.chooses("labels", "plan")
    worker.chooses("level", "2")
    worker.picks("purpose", "Support")
    worker.fills(reason="Her school knows her best")
    types_day(worker, "until", in_days(60))
    worker.sends()

    school = walk("school", javascript=False)
    early_help_is_assessed(school, file, "A mentor in school; her family agrees.")
    assesses(school, file, found=FOUND)
    school.follows("Propose a tier and submit")
    school.sees("Low")
    school.chooses("proposed", "low")
    school.fills(reason="Two signs, an aunt and friends who hold her.")
    school.presses("Submit")
    assert school.goes_to("/decisions/") == 403, "who assesses does not decide"

    manager.goes_to("/decisions/")
    manager.follows("Amabel Solano-Field")
    manager.does_not_see("under 13")
    manager.chooses("decided", "low")
    manager.fills(reason="I agree with the analysis.")
    manager.sends()

    worker.goes_to(f"{file}/")
    worker.sees("Low")
    worker.sees("Tier in effect")
    worker.does_not_see("provisional")
    worker.goes_to(f"{file}/plan/")
    assert codes(worker) == LOW_ITEMS
    manager.goes_to(f"{file}/plan/approve/")
    manager.chooses("complete", "yes")
    manager.sends()
    manager.sees("There is a problem")
    manager.sees("L01")
    manager.looks("low-plan-not-complete")
