"""The first journey: a phone call becomes a child on a worker's list, and the police see only what is shared."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.journeys.steps import name_of, team_name


def test_a_phone_contact_becomes_a_child_who_is_shared_and_no_longer_shared(walk):
    given = Story(walk)
    given.a_school_telephones()
    given.and_the_manager_accepts_the_contact()
    given.when_the_child_is_added()
    given.and_allocated_to_the_social_worker()
    given.then_the_child_is_on_the_workers_list()
    given.and_found_by_a_misspelt_name()
    given.but_the_police_cannot_see_the_child()
    given.when_the_file_is_shared_with_the_police()
    given.then_the_police_see_it_and_nothing_more_than_was_shared()
    given.when_the_share_ends()
    given.then_the_police_find_nothing_on_the_next_click()


class Story:
    def __init__(self, walk) -> None:
        self.walk = walk
        self.duty = walk("irt.worker")
        self.irt_manager = walk("irt.manager")
        self.worker = walk("social.worker")
        self.police = walk("police")

    def a_school_telephones(self) -> None:
        duty = self.duty
        duty.follows("Contacts")
        duty.looks("contacts")
        duty.follows("Record a contact")
        duty.presses("Save the contact")
        duty.sees("There is a problem")
        duty.looks("record-contact-with-errors")
        duty.fills(child_given_names="Bronwyn", child_family_name="Szymanska", from_name="Mrs Patel")
        duty.fills(child_date_of_birth_day="3", child_date_of_birth_month="April", child_date_of_birth_year="2013")
        duty.fills(details="A new phone and a new friend who is much older. She is frightened to say who.")
        duty.chooses("method", "phone")
        duty.chooses("source", "school")
        duty.picks("team", "Initial Response")
        duty.presses("Save the contact")
        duty.sees("Waiting to be screened")
        duty.looks("contact")
        self.contact = duty.page.url
        self.file = duty.page.url.split("/contacts/")[0]

    def and_the_manager_accepts_the_contact(self) -> None:
        manager = self.irt_manager
        manager.goes_to(self.contact)
        manager.follows("Decide what happens")
        manager.chooses("decision", "accept")
        manager.presses("Record decision")
        manager.sees("Accepted")

    def when_the_child_is_added(self) -> None:
        duty = self.duty
        duty.goes_to(self.contact)
        duty.follows("Add the child")
        duty.looks("create-child")
        duty.chooses("sex", "F")
        duty.presses("Add the child")
        duty.sees("Bronwyn Szymanska")

    def and_allocated_to_the_social_worker(self) -> None:
        manager = self.irt_manager
        manager.goes_to(f"{self.file}/allocate/")
        manager.looks("allocate")
        manager.picks("worker", name_of("social.worker"))
        manager.fills(reason="Knows the school")
        manager.presses("Allocate")

    def then_the_child_is_on_the_workers_list(self) -> None:
        self.worker.goes_to("/")
        self.worker.sees("Bronwyn Szymanska")
        self.worker.looks("worklist")
        self.worker.follows("Bronwyn Szymanska")
        self.worker.looks("case-file-new")

    def and_found_by_a_misspelt_name(self) -> None:
        self.worker.goes_to("/search/?q=bronwin+szimansky")
        self.worker.sees("Bronwyn Szymanska")
        self.worker.looks("search")

    def but_the_police_cannot_see_the_child(self) -> None:
        police = self.police
        police.goes_to("/")
        self.seen_before = police.page.locator("main").inner_text()
        police.does_not_see("Szymanska")
        police.goes_to("/search/?q=Szymanska")
        police.does_not_see("Bronwyn")
        police.is_refused(f"{self.file}/")
        absent = police.page.content()
        police.is_refused("/cases/00000000-0000-4000-8000-000000000000/")
        assert police.page.content() == absent

    def when_the_file_is_shared_with_the_police(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/share/")
        worker.looks("share")
        worker.picks("team", team_name("police"))
        worker.chooses("labels", "network")
        worker.chooses("level", "1")
        worker.picks("purpose", "Police investigation")
        worker.fills(reason="They look for the older friend")
        last = timezone.localdate() + timedelta(days=28)
        worker.fills(until_day=str(last.day), until_month=str(last.month), until_year=str(last.year))
        worker.presses("Share")
        worker.sees("Can see it now")
        worker.looks("who-can-see")

    def then_the_police_see_it_and_nothing_more_than_was_shared(self) -> None:
        police = self.police
        police.goes_to("/search/?q=Szymanska")
        police.follows("Bronwyn Szymanska")
        police.looks("case-file-police")
        police.does_not_see("frightened")
        assert police.goes_to(f"{self.file}/contacts/") == 403
        assert police.goes_to(f"{self.file}/people/") == 200

    def when_the_share_ends(self) -> None:
        worker = self.worker
        worker.goes_to(f"{self.file}/access/")
        worker.follows("End")
        worker.presses("End the share")

    def then_the_police_find_nothing_on_the_next_click(self) -> None:
        self.police.page.reload()
        self.police.does_not_see("Szymanska")
        self.police.is_refused(f"{self.file}/")
        self.police.goes_to("/")
        assert self.police.page.locator("main").inner_text() == self.seen_before
        self.worker.goes_to(f"{self.file}/looked/")
        self.worker.sees(name_of("police"))
        self.worker.looks("who-has-looked")


@pytest.mark.parametrize("javascript", [True, False], ids=["with a script", "without a script"])
def test_a_visit_is_written_down_and_corrected(walk, javascript):
    worker = walk("social.worker", javascript=javascript)
    worker.goes_to("/")
    worker.page.locator("main table a, main .app-cards a").first.click()
    worker.follows("Visits and notes")
    worker.follows("Record a visit or note")
    worker.chooses("kind", "visit")
    worker.fills(text="We walked by the river.", child_words="I like it here.")
    worker.presses("Save")
    worker.sees("Select whether the child was seen")
    worker.sees("We walked by the river.")
    worker.chooses("seen", "alone")
    worker.presses("Save")
    worker.sees("We walked by the river.")
    worker.sees("I like it here.")
    worker.looks("notes" if javascript else "notes-without-script")
