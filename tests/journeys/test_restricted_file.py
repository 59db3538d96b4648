"""A file is restricted to named people; a colleague opens it in an emergency, and an auditor looks at that."""

from datetime import timedelta

from django.db.models import F

from access.models import CaseAccess
from tests.database import seeding

WEEK = timedelta(days=7, hours=1)
EMERGENCY = "She rang from the motorway and is alone. I am nearest."


def test_a_file_is_restricted_opened_in_an_emergency_reviewed_and_given_back(walk):
    manager, worker, colleague = walk("team.manager"), walk("social.worker"), walk("locality1.worker")
    # Given a file that the whole team sees
    worker.goes_to("/children/")
    worker.page.locator("main table a").first.click()
    worker.page.wait_for_load_state()
    file, name = worker.page.url, worker.page.locator(".app-identity__name").inner_text()
    assert colleague.goes_to(file) == 200
    # When the manager restricts it, and lets the team know that it exists
    manager.goes_to(file)
    manager.follows("Who can see this")
    manager.follows("Restrict to named people")
    manager.presses("Restrict the file")
    manager.sees("Select the ground")
    manager.looks("restrict-wrong")
    manager.chooses("ground", "staff")
    manager.fills(reason="Her aunt works in the Initial Response Team")
    manager.looks("restrict")
    manager.presses("Restrict the file")
    manager.sees("The file is restricted to the people named.")
    manager.looks("restricted-who-can-see")
    # Then the worker who leads goes on, and sees that it is restricted, never why
    worker.goes_to(file)
    worker.sees("This file is restricted to people named on it.")
    worker.does_not_see("aunt")
    worker.looks("restricted-file")
    # And a colleague finds whom to ask, and nothing else
    colleague.is_refused(file)
    colleague.goes_to("/search/")
    colleague.fills(q=name.split()[-1])
    colleague.presses("Search")
    colleague.sees("Restricted record")
    colleague.looks("restricted-search")
    # When it is an emergency, they open it, and those who answer for it hear
    colleague.follows("Open in an emergency")
    colleague.looks("emergency")
    colleague.fills(reason=EMERGENCY)
    colleague.presses("Open the file")
    colleague.sees(name)
    manager.goes_to("/notices/")
    manager.sees("A restricted file was opened in an emergency.")
    # When nobody reviews it for a week, the manager's first page says so
    with seeding():
        opened = CaseAccess.objects.filter(source=CaseAccess.Source.BREAK_GLASS)
        opened.update(valid_from=F("valid_from") - WEEK, valid_until=F("valid_until") - WEEK)
    manager.goes_to("/children/")
    manager.sees("Opened in an emergency, and not reviewed for a week.")
    manager.looks("overdue-review")
    # And an auditor reviews it
    auditor = walk("auditor")
    auditor.follows("Opened for a reason")
    auditor.sees(EMERGENCY)
    auditor.looks("emergencies")
    auditor.page.locator("tr", has_text=EMERGENCY).get_by_role("link", name="Review").click()
    auditor.chooses("was_needed", "yes")
    auditor.fills(finding="She came home. The manager was telephoned too.")
    auditor.looks("review")
    auditor.presses("Write it down")
    auditor.sees("Needed: She came home.")
    # When the manager lifts it, the team has the file again
    manager.goes_to(file)
    manager.follows("Who can see this")
    manager.follows("Lift the restriction")
    manager.looks("lift-restriction")
    manager.fills(reason="Her aunt has left the council")
    manager.sends()
    manager.sees("The file is open to its teams again.")
    other = walk("locality1.worker")
    assert other.goes_to(file) == 200
