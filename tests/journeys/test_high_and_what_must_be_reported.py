"""A child at high from the assessment to the conference; what she discloses; and a child who turns 17."""

from tests.database import rows
from tests.journeys.steps import (
    assesses,
    born,
    child_comes_to,
    in_days,
    name_of,
    person_is_added,
    tonight_is_planned,
    types_day,
    types_moment,
)

HIGH = {"D01": "current", "A01": "current"}


def file_is_assessed(walk, worker, manager, *, given: str, birth, tier: str, found, types=()) -> str:
    """A child who is assessed and whose tier the manager decides as proposed. Returns the address of the file."""
    file = child_comes_to(walk, "social.worker", given=given, family="Marchbanks", birth=birth)
    assesses(worker, file, found=found, types=types)
    worker.follows("Propose a tier and submit")
    worker.chooses("proposed", tier)
    worker.fills(reason="What she and her school say.")
    worker.presses("Submit")
    manager.goes_to(f"{file}/assessments/")
    manager.follows("Decide the tier")
    manager.chooses("decided", tier)
    manager.fills(reason="I agree.")
    manager.sends()
    return file


def test_a_child_at_high_from_the_assessment_to_the_conference(walk):
    given = High(walk)
    given.a_child_of_15_who_is_decided_as_high()
    given.then_the_plan_has_32_items_and_everything_of_high_has_begun()
    given.when_a_trigger_plan_is_requested_and_on_the_system()
    given.when_the_threshold_discussion_asks_for_a_strategy_discussion()
    given.and_it_finds_that_the_test_for_an_enquiry_is_met()
    given.then_the_conference_has_its_limit_and_an_independent_chair()
    given.and_the_tasking_list_has_the_child()
    given.and_its_outcome_is_recorded()


class High:
    def __init__(self, walk) -> None:
        self.walk = walk
        self.worker, self.manager, self.cpm = walk("social.worker"), walk("team.manager"), walk("cpm")

    def a_child_of_15_who_is_decided_as_high(self) -> None:
        self.file = file_is_assessed(
            self.walk, self.worker, self.manager, given="Philippa", birth=born(15), tier="high", found=HIGH,
            types=("cce_county_lines",),
        )  # fmt: skip

    def then_the_plan_has_32_items_and_everything_of_high_has_begun(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/plan/")
        lines = worker.page.locator("main table tbody tr").all_text_contents()
        assert len(lines) == 32
        worker.sees("Police trigger plan")
        worker.looks("high-plan")
        worker.goes_to(f"{self.file}/")
        worker.sees("High")
        worker.looks("high-overview")
        worker.goes_to(f"{self.file}/due/")
        for what in ("Trigger plan", "Strategy", "tasking", "threshold"):
            assert what.lower() in worker.page.locator("main").inner_text().lower(), what
        worker.looks("high-due")
        worker.goes_to(f"{self.file}/reports/")
        worker.sees("National Referral Mechanism")
        worker.looks("high-reports")

    def when_a_trigger_plan_is_requested_and_on_the_system(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/trigger-plan/")
        worker.follows("Requested")
        worker.fills(officer="PC Lane")
        worker.sends()
        worker.goes_to(f"{self.file}/trigger-plan/on-system/")
        worker.fills(officer="PC Lane", police_reference="DP-0001")
        types_day(worker, "on", in_days(0))
        worker.sends()
        worker.goes_to(f"{self.file}/trigger-plan/")
        worker.sees("PC Lane")
        worker.looks("high-trigger-plan")

    def when_the_threshold_discussion_asks_for_a_strategy_discussion(self) -> None:
        manager = self.manager
        manager.goes_to(f"{self.file}/threshold/new/")
        manager.sees("No agency has been consulted yet.")
        manager.goes_to(f"{self.file}/consultations/new/")
        manager.fills(
            agency_name="Derbyshire Constabulary", person_name="PC Lane", view="She was seen with two phones."
        )
        types_day(manager, "on", in_days(0))
        manager.sends()
        manager.goes_to(f"{self.file}/threshold/new/")
        manager.picks("other", name_of("cpm"))
        manager.page.locator("[name=consulted]").first.check()
        types_moment(manager, "held_at", in_days(0), "00:01")
        manager.chooses("level", "specialist")
        manager.chooses("outcome", "cp")
        manager.fills(reason="Reasonable cause to suspect significant harm.")
        manager.looks("high-threshold")
        manager.sends()
        manager.sees("Threshold discussion: Child protection: hold a strategy discussion")
        manager.looks("high-meetings")
        self.cpm.goes_to(f"{self.file}/meetings/")
        self.cpm.sees("Derbyshire Constabulary")

    def and_it_finds_that_the_test_for_an_enquiry_is_met(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/meetings/new/?kind=strategy")
        types_moment(worker, "starts_at", in_days(1), "09:00")
        worker.fills(place="By video", chair_name=name_of("team.manager"))
        worker.sends()
        meeting = worker.page.url
        police = self.walk("police")
        police.is_refused(f"{self.file}/")
        worker.follows("Invite a professional")
        worker.picks("team", "Exploitation team")
        worker.presses("Show who works there")
        worker.picks("user", name_of("police"))
        worker.looks("high-invite-police")
        worker.sends()
        worker.sees(name_of("police"))
        police.goes_to("/meetings/")
        police.sees("Philippa Marchbanks")
        police.looks("high-police-meetings")
        police.follows("Strategy discussion")
        police.sees(name_of("police"))
        police.looks("high-police-meeting")
        police.follows("Answer")
        police.chooses("reply", "accepted")
        police.sends()
        police.sees("Coming")
        assert police.goes_to(f"{self.file}/assessments/") == 403
        worker.goes_to(f"{meeting}record/")
        types_moment(worker, "held_at", in_days(0), "00:02")
        for attended in worker.page.locator("input[name^=attended_][value=present]").all():
            attended.check()
        worker.fills(summary="What each agency knows.", child_took_part="Her worker brought her words.")
        worker.sends()
        worker.follows("No more decisions")
        worker.follows("Record the outcome")
        worker.chooses("s47_met", "yes")
        worker.fills(who_sees_child="Her worker, today", immediate_safety="Her aunt's home", reason="Two phones, cash")
        worker.sends()
        worker.sees("Select whether social care enquires alone or with the police")
        worker.chooses("enquiry", "joint")
        worker.looks("high-strategy-outcome")
        worker.sends()
        worker.sees("Yes: Joint enquiry with the police")
        worker.looks("high-strategy-held")

    def then_the_conference_has_its_limit_and_an_independent_chair(self) -> None:
        worker, iro = self.worker, self.walk("iro")
        iro.is_refused(f"{self.file}/")
        worker.goes_to(f"{self.file}/meetings/")
        worker.sees("Initial child protection conference")
        worker.looks("high-conference-due")
        worker.follows("Initial child protection conference")
        types_moment(worker, "starts_at", in_days(60), "10:00")
        worker.fills(place="Council House")
        worker.sends()
        worker.sees("Choose the chair")
        worker.picks("chair", name_of("iro"))
        worker.sends()
        worker.sees("It is arranged for after its limit")
        worker.looks("high-conference-too-late")
        worker.follows("Cancel it")
        worker.fills(reason="After its limit")
        worker.sends()
        worker.goes_to(f"{self.file}/meetings/")
        worker.follows("Initial child protection conference")
        types_moment(worker, "starts_at", in_days(10), "10:00")
        worker.fills(place="Council House")
        worker.picks("chair", name_of("iro"))
        worker.sends()
        worker.sees("Its limit is")
        worker.looks("high-conference")
        iro.goes_to("/meetings/")
        iro.follows("Initial child protection conference")
        iro.sees("Council House")

    def and_the_tasking_list_has_the_child(self) -> None:
        self.manager.goes_to("/tasking/")
        self.manager.sees("Philippa Marchbanks")
        self.manager.looks("high-tasking-list")

    def and_its_outcome_is_recorded(self) -> None:
        manager = self.manager
        manager.goes_to(f"{self.file}/meetings/")
        manager.follows("Record what was agreed")
        types_day(manager, "discussed_on", in_days(0))
        manager.fills(outcome="Patrols at the bus station: PC Lane.")
        manager.looks("high-record-tasking")
        manager.sends()
        manager.sees("Patrols at the bus station")


def test_what_a_girl_discloses_has_two_limits_and_reaches_nobody_of_her_family(walk):
    worker, manager = walk("social.worker"), walk("team.manager")
    file = file_is_assessed(
        walk, worker, manager, given="Nerys", birth=born(14), tier="medium", found={"B02": "current"}
    )
    person_is_added(worker, file, "Marged Marchbanks", "mother", responsible=True)
    tonight_is_planned(worker, file)
    worker.goes_to(f"{file}/copies/new/")
    worker.follows("Marged Marchbanks")
    worker.sees("What this copy will hold")
    worker.goes_to(f"{file}/reports/new/")
    worker.chooses("rule_id", "MR-01")
    worker.fills(trigger="She told me in her own words that she was cut.")
    types_moment(worker, "discovered_at", in_days(0), "00:01")
    worker.sends()
    worker.sees("Select how you know.")
    worker.sees("she was cut")
    worker.chooses("how_known", "told_by_the_girl")
    worker.chooses("profession", "social_care")
    worker.looks("fgm-open")
    worker.sends()
    worker.sees("close of the next working day")
    worker.looks("fgm-report")
    ((soft, limit),) = rows(
        "SELECT soft_at IS NOT NULL, limit_at > soft_at FROM deadlines_deadline WHERE rule_id = 'MR-01'"
        " AND about LIKE 'report:%%' AND case_id = %s", file.rstrip("/").rsplit("/", 1)[1]
    )  # fmt: skip
    assert (soft, limit) == (True, True)
    worker.goes_to(f"{file}/copies/new/")
    worker.sees("No copy:")
    worker.looks("fgm-no-copy")
    manager.goes_to(f"{file}/reports/")
    manager.sees("Family may be told")
    worker.goes_to(f"{file}/reports/")
    worker.does_not_see("Family may be told")
    worker.page.locator("main a[href$='/reported/']").first.click()
    worker.fills(recipient="Derbyshire Constabulary", method="101", reference="INC-0001")
    worker.looks("fgm-reported")
    worker.sends()
    worker.sees("INC-0001")


def test_a_child_of_17_has_her_transition_considered(walk):
    """Without any script, from the assessment on."""
    worker, manager = walk("social.worker", javascript=False), walk("team.manager", javascript=False)
    file = file_is_assessed(
        walk, worker, manager, given="Siwan", birth=born(17), tier="medium", found={"B02": "current"}
    )
    worker.goes_to(f"{file}/transition/")
    worker.looks("transition")
    worker.follows("Consider transition")
    worker.page.locator("[name=outcome]").first.check()
    worker.fills(reason="Adult social care is asked; she wants to stay with her mentor.")
    worker.looks("transition-consider")
    worker.sends()
    worker.sees("she wants to stay with her mentor")
    worker.looks("transition-considered")
    worker.goes_to(f"{file}/due/")
    worker.sees("Transition considered")
    worker.sees("Done in time")
