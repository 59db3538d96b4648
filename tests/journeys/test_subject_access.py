"""Given a young person who asks to see her record, when one prepares it and another reads it, then it is given."""

import re

from plans.copies.making import make_one
from plans.copies.rendering import Renderer
from tests.database import rows
from tests.journeys.steps import in_days, types_day

# The shortest file that the worker leads on.
SHORTEST = """
SELECT l.case_id FROM access_allocation AS l JOIN accounts_user AS u ON u.id = l.worker_id AND u.username = %s
WHERE l.ended_at IS NULL AND EXISTS (SELECT FROM children_child AS c WHERE c.case_id = l.case_id)
ORDER BY (SELECT count(*) FROM assessments_answer AS n WHERE n.case_id = l.case_id), l.case_id LIMIT 1
"""
FRIEND = "Jordan Ferriday"  # another child, who is never named


def test_a_record_is_prepared_by_one_read_by_another_and_given(walk):
    worker, manager, officer = walk("social.worker"), walk("team.manager"), walk("police")
    ((case,),) = rows(SHORTEST, "social.worker")
    file = f"/cases/{case}"
    another_child_is_added(worker, file)

    worker.goes_to(f"{file}/notes/new/")
    worker.chooses("kind", "note")
    worker.fills(text=f"She was seen with {FRIEND} on Saturday, and wants to go back to school.")
    types_now(worker)
    worker.sends()
    worker.goes_to(f"{file}/access-requests/")
    worker.sees("Nobody has asked")
    worker.looks("subject-access-none")
    worker.follows("Somebody asks to see it")
    worker.sends()
    worker.sees("There is a problem")
    worker.looks("subject-access-record")
    worker.chooses("asker", "child")
    worker.fills(asker_name="The young person", how_known="Known to her worker for a year")
    types_day(worker, "received_on", in_days(-2))
    worker.sends()
    worker.sees("Being prepared")
    worker.sees("passages are not decided on")
    worker.looks("subject-access-request")
    request = worker.page.url
    prepares_every_chapter(worker, request)
    worker.goes_to(request)
    worker.looks("subject-access-decided")
    worker.follows("Put it to a second reader")
    worker.looks("subject-access-ready")
    worker.sends()
    worker.sees("Waiting for a second reader")
    worker.does_not_see("Read it, and give it")

    manager.goes_to("/due/?tab=team")
    manager.goes_to(request)
    manager.follows("Read it, and give it")
    manager.sees("[kept back]")
    assert "Jordan" not in manager.page.locator(".copy").inner_text()
    manager.looks("subject-access-give")
    manager.ticks("has_read")
    manager.fills(answer="In person, with her worker beside her")
    manager.sends()
    manager.sees("Record, for whom it is about")
    manager.goes_to(request)
    manager.sees("In person, with her worker beside her")
    manager.looks("subject-access-given")

    renderer = Renderer()
    while make_one(None, renderer):
        pass
    renderer.close()
    manager.goes_to(f"{file}/copies/")
    manager.looks("subject-access-copies")
    with manager.page.expect_download() as taken:
        manager.page.get_by_role("button", name=re.compile("^Download copy")).first.click()
    assert taken.value.path().read_bytes().startswith(b"%PDF")
    assert officer.goes_to(request) in (403, 404)


def another_child_is_added(worker, file):
    worker.goes_to(f"{file}/people/new/")
    worker.fills(name=FRIEND)
    worker.chooses("relationship", "friend")
    worker.chooses("parental_responsibility", "no")
    worker.page.locator('[name="is_adult"]').uncheck()
    worker.sends()


def types_now(who):
    """The day and hour of a note that happened today."""
    types_day(who, "happened_at", in_days(-1))
    who.fills(happened_at_time="10:00")


def prepares_every_chapter(worker, request):
    """As proposed, page by page; the first and the one that names somebody are looked at."""
    links = worker.page.locator("main table a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    for number, link in enumerate(links):
        worker.goes_to(link)
        while "/chapters/" in worker.page.url:
            if number == 0 or "/notes/" in worker.page.url:
                worker.looks(f"subject-access-chapter-{link.strip('/').rsplit('/', 1)[1]}")
            if "/notes/" in link:
                texts = worker.page.locator("main textarea").evaluate_all("boxes => boxes.map(box => box.value)")
                assert (
                    any("[[Jordan Ferriday]]" in text or "[[Jordan]] [[Ferriday]]" in text for text in texts)
                    or "page=" in worker.page.url
                )
            worker.sends()
