"""A child of 12 from the first telephone call to a low tier that holds: everybody who has a part in it plays it."""

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.db import connections
from django.utils import timezone

from deadlines import reminders
from offer.counting import LONDON
from offer.working_days import is_working_day, previous_working_day
from plans.copies.making import make_one
from plans.copies.rendering import Renderer
from plans.services import AGREED_LOW
from tests.database import admin_of, rows
from tests.journeys.steps import (
    assesses,
    born,
    child_comes_to,
    early_help_is_assessed,
    in_days,
    person_is_added,
    tonight_is_planned,
    types_day,
    types_moment,
)

LOW = {"F02": "current", "E04": "suspected"}


def test_a_child_of_12_is_low_only_when_a_child_protection_manager_agrees(walk):
    given = Story(walk)
    given.a_child_of_12_with_a_mother_and_a_father()
    given.who_is_assessed()
    given.when_low_is_proposed_and_the_manager_approves()
    given.then_the_child_is_medium_and_waits_for_the_child_protection_manager()
    given.and_the_plan_has_26_items_of_which_those_of_medium_are_on_hold()
    given.when_the_child_protection_manager_asks_for_more_the_child_stays_medium()
    given.when_an_early_help_assessment_is_completed()
    given.and_the_child_protection_manager_agrees_naming_the_assessments()
    given.then_low_holds_and_the_items_of_medium_have_ended_for_that_reason()
    given.when_prevention_work_is_referred_to_safe_and_sound()
    given.then_they_accept()
    given.when_a_team_around_the_family_is_arranged_the_father_cannot_be_invited()
    given.when_it_is_held_its_action_is_in_the_plan()
    given.when_a_plan_for_tonight_is_in_force()
    given.and_copies_are_made_for_the_school_and_for_the_mother()
    given.then_each_copy_can_be_read()
    given.but_the_police_see_only_what_is_shared()
    given.and_an_overdue_review_is_told_once_and_then_to_the_manager()


class Story:
    def __init__(self, walk) -> None:
        self.walk = walk
        self.worker, self.manager, self.cpm = walk("social.worker"), walk("team.manager"), walk("cpm")

    def a_child_of_12_with_a_mother_and_a_father(self) -> None:
        self.file = child_comes_to(self.walk, "social.worker", given="Ottoline", family="Zwetkow", birth=born(12))
        worker = self.worker
        worker.goes_to("/")
        worker.follows("Ottoline Zwetkow")
        person_is_added(worker, self.file, "Elsbeth Zwetkow", "mother", responsible=True)
        person_is_added(worker, self.file, "Ruben Zwetkow", "father")
        manager = self.manager
        manager.goes_to(f"{self.file}/people/")
        manager.page.locator("main a[href$='/safety/']").last.click()
        manager.sees("Ruben Zwetkow")
        manager.chooses("complicity", "considered_complicit")
        manager.fills(reason="Messages on her phone, read with her on Tuesday.")
        types_day(manager, "review_on", in_days(60))
        manager.looks("low-contact-safety")
        manager.sends()
        manager.sees("Considered complicit")

    def who_is_assessed(self) -> None:
        assesses(self.worker, self.file, found=LOW, pictures="low-assessment")

    def when_low_is_proposed_and_the_manager_approves(self) -> None:
        worker, manager = self.worker, self.manager
        worker.follows("Propose a tier and submit")
        worker.looks("low-submit")
        worker.chooses("proposed", "low")
        worker.fills(reason="One sign, a strong aunt, and school is with us.")
        worker.presses("Submit")
        worker.looks("low-submitted")
        manager.goes_to("/decisions/")
        manager.sees("Ottoline Zwetkow")
        manager.looks("low-decisions-waiting")
        manager.follows("Ottoline Zwetkow")
        manager.sees("under 13")
        manager.looks("low-decide")
        manager.chooses("decided", "low")
        manager.fills(reason="I agree with the analysis.")
        manager.sends()

    def then_the_child_is_medium_and_waits_for_the_child_protection_manager(self) -> None:
        self.worker.goes_to(f"{self.file}/")
        self.worker.sees("Medium (provisional)")
        self.worker.looks("low-awaiting-overview")
        self.worker.goes_to(f"{self.file}/assessments/")
        self.worker.sees("it waits for a Child Protection Manager")
        self.worker.looks("low-awaiting")

    def and_the_plan_has_26_items_of_which_those_of_medium_are_on_hold(self) -> None:
        self.worker.goes_to(f"{self.file}/plan/")
        lines = self.worker.page.locator("main table tbody tr").all_text_contents()
        held = [line for line in lines if "On hold" in line]
        assert (len(lines), len(held)) == (26, 14)
        self.worker.looks("low-plan-on-hold")

    def when_the_child_protection_manager_asks_for_more_the_child_stays_medium(self) -> None:
        cpm = self.cpm
        cpm.goes_to("/decisions/")
        cpm.follows("Ottoline Zwetkow")
        self.answer = cpm.page.url
        assert cpm.page.locator('[name="outcome"][value="agreed"]').is_disabled()
        cpm.sees("an Early Help Assessment completed first")  # nothing but the CRE assessment is complete
        cpm.chooses("outcome", "more_assessment_needed")
        cpm.fills(reason="One sign alone.", more_needed="An Early Help Assessment with her school.")
        cpm.looks("low-more-needed")
        cpm.sends()
        assert self.worker.goes_to(self.answer) == 403, "only a Child Protection Manager answers"
        self.worker.goes_to(f"{self.file}/")
        self.worker.sees("Medium (provisional)")
        self.worker.sees("Waiting for a Child Protection Manager")

    def when_an_early_help_assessment_is_completed(self) -> None:
        worker = self.worker
        early_help_is_assessed(worker, self.file, "Support in school and a mentor; the family agrees.")
        worker.sees("Early Help Assessment")
        worker.looks("low-eha")

    def and_the_child_protection_manager_agrees_naming_the_assessments(self) -> None:
        cpm = self.cpm
        cpm.goes_to("/decisions/")
        cpm.follows("Ottoline Zwetkow")
        cpm.looks("low-answer")
        cpm.chooses("outcome", "agreed")
        cpm.chooses("names", "cre")
        cpm.chooses("names", "eha")
        cpm.fills(reason="Both read; they answer what we asked.")
        cpm.sends()

    def then_low_holds_and_the_items_of_medium_have_ended_for_that_reason(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/plan/")
        lines = worker.page.locator("main table tbody tr").all_text_contents()
        ended = [line for line in lines if "Ended" in line and AGREED_LOW in line]
        assert (len(lines), len(ended)) == (26, 14), lines
        worker.looks("low-plan")
        worker.goes_to(f"{self.file}/")
        worker.sees("Low")
        worker.does_not_see("provisional")

    def when_prevention_work_is_referred_to_safe_and_sound(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/plan/")
        worker.follows("L10")
        worker.looks("low-item")
        worker.follows("Refer to a service")
        worker.looks("low-choose-service")
        worker.page.get_by_role("button", name="Choose Safe and Sound").click()
        worker.fills(
            asked_for="Six sessions of prevention work", what_they_need="She trusts her form tutor.",
            contact="Ring the school", necessity="They cannot help without knowing whom",
        )  # fmt: skip
        worker.chooses("agreement", "agreed")
        worker.presses("Continue")
        worker.presses("Send")
        worker.sees("Waiting for an answer")
        self.referral = worker.page.url

    def then_they_accept(self) -> None:
        provider = self.walk("voluntary")
        provider.goes_to("/referrals/")
        provider.follows("Ottoline Zwetkow")
        provider.sees("She trusts her form tutor.")
        provider.follows("Answer")
        provider.chooses("decision", "accept")
        provider.sends()
        provider.sees("Accepted")
        assert provider.goes_to(f"{self.file}/assessments/") == 403
        self.worker.goes_to(self.referral)
        self.worker.sees("Accepted")
        self.worker.looks("low-referral-accepted")

    def when_a_team_around_the_family_is_arranged_the_father_cannot_be_invited(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/meetings/")
        worker.looks("low-meetings-due")
        worker.follows("Team Around the Family")
        types_moment(worker, "starts_at", in_days(4), "10:00")
        worker.fills(place="Riverside Academy, room 2", chair_name="Jo Okafor, Riverside Academy")
        worker.sends()
        worker.sees("Its limit is")
        meeting = self.meeting = worker.page.url
        worker.follows("Invite a parent or relative")
        worker.sees("Cannot be invited.")
        worker.looks("low-invite-family")
        worker.page.locator("label").filter(has_text="Elsbeth Zwetkow").click()
        worker.sends()
        worker.follows("Invite a parent or relative")
        worker.page.locator("label").filter(has_text="Ruben Zwetkow").click()
        worker.sends()
        worker.sees("Ruben Zwetkow is not invited.")
        worker.sees("A manager or chair decided that this person is not to be invited.")
        worker.does_not_see("Messages on her phone")
        worker.goes_to(f"{meeting}invite/child/")
        worker.fills(by_way_of="Ruben Zwetkow tells her")
        worker.sends()
        worker.sees("must not pass through Ruben Zwetkow")
        worker.fills(by_way_of="Her form tutor, on Monday in school")
        worker.sends()
        worker.goes_to(f"{meeting}invite/")
        worker.fills(name="Ms Idris", agency_name="Riverside Academy")
        worker.sends()
        worker.looks("low-taf")

    def when_it_is_held_its_action_is_in_the_plan(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.meeting}record/")
        types_moment(worker, "held_at", in_days(0), "00:01")
        for attended in worker.page.locator("input[name^=attended_][value=present]").all():
            attended.check()
        worker.fills(summary="School, the aunt and the journey home.", child_took_part="She came, and spoke first.")
        worker.looks("low-record-meeting")
        worker.sends()
        worker.fills(text_1="A mentor in school meets her each week.")
        worker.chooses("agreed_1", "all")
        worker.presses("Save and finish")
        worker.looks("low-taf-held")
        worker.follows("Add an action")
        worker.fills(title="Mentor begins", owner_name="Ms Idris", measure="She goes to school each day")
        types_day(worker, "due_on", in_days(14))
        worker.sends()
        worker.goes_to(f"{self.file}/plan/")
        worker.sees("Mentor begins")

    def when_a_plan_for_tonight_is_in_force(self) -> None:
        worker = self.worker
        tonight_is_planned(worker, self.file)
        worker.goes_to(f"{self.file}/safety-plan/")
        worker.sees("In force")
        worker.looks("low-safety-plan")

    def and_copies_are_made_for_the_school_and_for_the_mother(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/copies/new/")
        worker.looks("low-choose-copy")
        worker.sees("No copy: ")
        worker.follows("Somebody with no account here")
        worker.fills(recipient_name="Ms Idris, Riverside Academy", necessity="She keeps her safe at school.")
        worker.looks("low-copy-for-a-professional")
        worker.sends()
        worker.goes_to(f"{self.file}/copies/new/")
        worker.follows("Elsbeth Zwetkow")
        worker.fills(necessity="She keeps her safe at home.")
        worker.ticks("safe_to_tell_family")
        worker.looks("low-copy-for-the-mother")
        worker.sends()
        renderer = Renderer()
        while make_one(None, renderer):
            pass
        renderer.close()

    def then_each_copy_can_be_read(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/copies/")
        worker.sees("Ms Idris")
        worker.sees("Elsbeth Zwetkow")
        worker.looks("low-copies")
        for place, name in enumerate(("family", "professional")):
            worker.goes_to(f"{self.file}/copies/")
            worker.page.locator("main a[href$='/print/']").nth(place).click()
            worker.does_not_see("Ruben" if name == "family" else "Nothing at all")
            worker.looks(f"low-copy-{name}")

    def but_the_police_see_only_what_is_shared(self) -> None:
        worker, police = self.worker, self.walk("police")
        police.is_refused(f"{self.file}/")
        worker.goes_to(f"{self.file}/share/")
        worker.picks("team", "Exploitation team")
        worker.chooses("labels", "plan")
        worker.chooses("level", "1")
        worker.picks("purpose", "Police investigation")
        worker.fills(reason="They patrol the bus station")
        types_day(worker, "until", in_days(28))
        worker.sends()
        police.goes_to("/")
        police.follows("Ottoline Zwetkow")
        police.looks("low-police-overview")
        police.does_not_see("Elsbeth")
        police.goes_to(f"{self.file}/plan/")
        police.sees("Of others’ actions you see what they are and how far they are")
        police.does_not_see("She trusts her form tutor.")
        police.looks("low-police-plan")
        for page in ("assessments", "people", "safety-plan", "notes", "reports", "due", "access"):
            assert police.goes_to(f"{self.file}/{page}/") == 403 or self.is_empty(police, page), page

    def is_empty(self, who, page: str) -> bool:
        """A page of its own agency's things alone, of which there are none."""
        return page in ("notes", "reports") and "Zwetkow" not in who.page.locator("main").inner_text()

    def and_an_overdue_review_is_told_once_and_then_to_the_manager(self) -> None:
        ((self.reference,),) = rows(
            "SELECT f.reference FROM access_casefile f JOIN children_child c ON c.case_id = f.id"
            " WHERE c.family_name = 'Zwetkow'"
        )
        ((self.clock,),) = rows(
            "SELECT d.id FROM deadlines_deadline d JOIN children_child c USING (case_id)"
            " WHERE c.family_name = 'Zwetkow' AND rule_id = 'RV-LOW' AND state = 'open'"
        )
        reminders.send_due()
        before = self.told()
        limit = timezone.localdate()
        if timezone.localtime().hour < settings.REMINDER_HOUR or not is_working_day(limit):
            limit = previous_working_day(limit)
        self.runs_out_on(limit)
        reminders.send_due()
        reminders.send_due()
        assert self.told() - before == {("social.worker", "due")}
        self.runs_out_on(previous_working_day(limit))
        reminders.send_due()
        reminders.send_due()
        assert self.told() - before == {
            ("social.worker", "due"), ("social.worker", "overdue"), ("team.manager", "team_overdue"),
        }  # fmt: skip
        for who, name in ((self.worker, "worker"), (self.manager, "manager")):
            who.goes_to("/notices/")
            who.sees(self.reference)
            who.does_not_see("Zwetkow")
            who.looks(f"low-notices-{name}")
        self.manager.goes_to("/due/?tab=team&due=overdue")
        self.manager.sees("Ottoline Zwetkow")

    def runs_out_on(self, limit) -> None:
        """As if time had passed: nobody may change a clock, so this is done from outside the program."""
        with admin_of(connections["default"].settings_dict["NAME"]) as outside:
            outside.execute(
                "UPDATE deadlines_deadline SET limit_on = %s, book_by = %s, limit_at = %s, started_at = %s,"
                " next_step = 'due', next_step_at = now() - interval '1 minute' WHERE id = %s",
                [limit, limit, _end_of(limit), timezone.now() - timedelta(days=100), self.clock],
            )

    def told(self) -> set[tuple[str, str]]:
        found = rows(
            "SELECT u.username, n.kind FROM accounts_notice n JOIN accounts_user u ON u.id = n.recipient_id"
            " WHERE n.reference = %s ORDER BY n.id", self.reference
        )  # fmt: skip
        assert len(found) == len(set(found)), "nobody is told the same thing twice"
        return set(found)


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time(23, 59, 59), tzinfo=LONDON)
