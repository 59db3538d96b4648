"""Given a child whose low tier stands, when the work is done, then the file is closed, kept, and opened again."""

from tests.database import rows
from tests.journeys.steps import in_days, team_name, types_day

# A file that the worker leads on, whose low stands and on which nothing is arranged, referred or being written.
LOW_AND_QUIET = """
SELECT c.case_id FROM children_child AS c
JOIN access_allocation AS l ON l.case_id = c.case_id AND l.ended_at IS NULL
JOIN accounts_user AS u ON u.id = l.worker_id AND u.username = %s
JOIN assessments_effectivetier AS t ON t.case_id = c.case_id AND t.until_at IS NULL AND t.tier = 'low'
ORDER BY c.case_id LIMIT 1
"""


def test_a_file_is_closed_by_a_manager_read_by_its_team_and_opened_again(walk):
    worker, manager, school = walk("social.worker"), walk("team.manager"), walk("school")
    ((case,),) = rows(LOW_AND_QUIET, "social.worker")
    file = f"/cases/{case}"
    is_shared_with_the_school(worker, file)
    assert school.goes_to(f"{file}/") == 200

    worker.goes_to(f"{file}/closing/")
    if worker.page.get_by_role("heading", name="Before the file can be closed").count():
        worker.looks("closing-before")
        meetings_are_cancelled(worker, file)
        worker.goes_to(f"{file}/closing/")
    worker.follows("Propose to close the file")
    worker.looks("closing-propose")
    worker.sends()
    worker.sees("There is a problem")
    worker.chooses("reason", "no_concern")
    worker.fills(summary="A mentor at school and an aunt whom she rings. Both know whom to call.")
    worker.sends()
    worker.sees("Closing is proposed")
    worker.looks("closing-proposed")

    manager.goes_to("/due/?tab=team")
    manager.goes_to(f"{file}/closing/")
    manager.follows("Decide")
    manager.chooses("decision", "close")
    manager.fills(answer="I agree: the reasons for low still hold.")
    manager.looks("closing-decide")
    manager.sends()
    manager.sees("This file is closed")
    manager.looks("closing-closed")

    assert school.goes_to(f"{file}/") == 404
    worker.goes_to("/")
    worker.follows("Closed")
    worker.sees("Closed files")
    worker.looks("closing-closed-files")
    worker.goes_to(f"{file}/")
    worker.sees("File closed")
    worker.does_not_see("Record something")
    worker.looks("closing-overview")
    assert worker.goes_to(f"{file}/notes/new/") == 403

    manager.goes_to(f"{file}/closing/")
    manager.follows("Open it again")
    manager.fills(reason="Her school is worried again.")
    manager.looks("closing-reopen")
    manager.sends()
    manager.sees("Within 12 months of closing")
    manager.looks("closing-reopened")
    assert worker.goes_to(f"{file}/notes/new/") == 200
    assert school.goes_to(f"{file}/") == 404


def is_shared_with_the_school(worker, file):
    worker.goes_to(f"{file}/share/")
    worker.picks("team", team_name("school"))
    worker.chooses("labels", "plan")
    worker.chooses("level", "2")
    worker.picks("purpose", "Support")
    worker.fills(reason="A mentor begins in school")
    types_day(worker, "until", in_days(60))
    worker.sends()


def meetings_are_cancelled(worker, file):
    """All that the demo arranged for this child."""
    for (meeting,) in rows(
        "SELECT id FROM meetings_meeting WHERE case_id = %s AND state = 'arranged'", file.rsplit("/", 1)[1]
    ):
        worker.goes_to(f"{file}/meetings/{meeting}/cancel/")
        worker.page.locator("main textarea").first.fill("The work is complete.")
        worker.sends()
