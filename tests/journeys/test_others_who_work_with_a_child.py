"""A school does its own action; the out-of-hours team and an auditor open a file with a reason; nobody sees more."""

from tests.journeys.steps import in_days, name_of, team_name, types_day
from tests.journeys.test_referral import file_of


def test_a_school_does_its_own_action_and_sees_no_other_in_full(walk):
    worker, school = walk("social.worker"), walk("school")
    file = file_of(worker, "Kofi")
    worker.goes_to(f"{file}/share/")
    worker.picks("team", team_name("school"))
    worker.chooses("labels", "plan")
    worker.chooses("level", "2")
    worker.picks("purpose", "Support")
    worker.fills(reason="A mentor begins in school")
    types_day(worker, "until", in_days(60))
    worker.sends()
    worker.goes_to(f"{file}/plan/new/")
    worker.fills(title="Mentor in school each week", measure="He is in school each day")
    worker.picks("agency", "Quillfield Academy")
    types_day(worker, "due_on", in_days(14))
    worker.sends()
    worker.sees("Mentor in school each week")

    school.goes_to("/actions/")
    school.looks("school-own-actions")
    school.follows("Mentor in school each week")
    school.chooses("disposition", "in_progress")
    school.looks("school-settle")
    school.sends()
    school.goes_to(f"{file}/plan/")
    school.follows("Mentor in school each week")
    school.follows("Record a session")
    types_day(school, "on", in_days(0))
    school.chooses("attended", "yes")
    school.fills(note="He came, and chose what to do next time.")
    school.sends()
    school.goes_to(f"{file}/plan/")
    school.looks("school-plan")
    assert school.page.locator("main table a").count() == 1, "its own action alone is opened in full"
    for page in ("people", "due", "access"):
        assert school.goes_to(f"{file}/{page}/") == 403, page
    worker.goes_to(f"{file}/plan/")
    worker.sees("1 session")


def test_the_out_of_hours_team_opens_a_file_with_a_reason_and_does_what_cannot_wait(walk):
    night = walk("edt")
    file = file_of(night, "Kofi").split("/reason")[0]  # they are asked why first
    night.looks("edt-reason")
    night.sends()
    night.sees("There is a problem")
    night.fills(reason="The police rang: he is missing tonight.")
    night.sends()
    night.sees("Kofi Brightwell")
    night.looks("edt-overview")
    night.goes_to(f"{file}/reports/new/")
    night.chooses("rule_id", "MR-08")
    night.fills(trigger="His mother rang at ten: not home since school.")
    types_day(night, "discovered_at", in_days(0))
    night.fills(discovered_at_time="00:01")
    night.sends()
    night.sees("Missing")
    night.looks("edt-missing")


def test_an_auditor_reads_with_a_reason_and_changes_nothing(walk):
    auditor = walk("auditor")
    file = file_of(auditor, "Kofi").split("/reason")[0]
    auditor.fills(reason="Thematic audit of plans at Medium.")
    auditor.sends()
    auditor.sees("Kofi Brightwell")
    for page in ("assessments", "plan", "meetings", "reports", "looked"):
        assert auditor.goes_to(f"{file}/{page}/") == 200, page
        auditor.looks(f"auditor-{page}")
    auditor.sees(name_of("auditor"))
    for page in ("meetings/new", "notes/new", "share", "plan/new"):
        assert auditor.goes_to(f"{file}/{page}/") == 403, page
