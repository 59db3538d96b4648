"""Given the next version of the toolkit in a file, when it is loaded and published, then workers assess with it."""

import json

from assessments.toolkit import CURRENT
from tests.database import rows
from tests.journeys.steps import in_days, types_day

# A file that the worker leads on and on which nobody is writing an assessment.
NOTHING_BEGUN = """
SELECT l.case_id FROM access_allocation AS l JOIN accounts_user AS u ON u.id = l.worker_id AND u.username = %s
WHERE l.ended_at IS NULL
  AND EXISTS (SELECT FROM children_child AS c WHERE c.case_id = l.case_id)
  AND NOT EXISTS (SELECT FROM assessments_assessment AS a WHERE a.case_id = l.case_id AND a.state = 'draft')
  AND NOT EXISTS (SELECT FROM assessments_tierproposal AS p WHERE p.case_id = l.case_id AND p.state = 'waiting')
ORDER BY l.case_id LIMIT 1
"""


def test_the_next_version_is_loaded_looked_at_and_published(walk, tmp_path):
    admin, worker = walk("directory.admin"), walk("social.worker")
    data = json.loads(CURRENT.read_text()) | {"number": 2, "thresholds": {"present_for_medium": 4}}
    data["sections"][0]["items"][0]["label"] = "Goes missing from home, care or school"
    file = tmp_path / "version-2.json"

    admin.goes_to("/")
    admin.follows("Toolkit")
    admin.sees("In use")
    admin.looks("toolkit-versions")
    admin.follows("Load a version")
    file.write_text(json.dumps(data | {"sections": data["sections"][:-1]}))
    admin.page.locator('input[type="file"]').set_input_files(file)
    admin.sends()
    admin.sees("There is a problem")
    admin.looks("toolkit-load-mistakes")
    file.write_text(json.dumps(data))
    admin.page.locator('input[type="file"]').set_input_files(file)
    admin.sends()
    admin.sees("Not published")
    admin.sees("Goes missing from home, care or school")
    admin.looks("toolkit-version")
    admin.follows("Publish it")
    admin.looks("toolkit-publish")
    admin.ticks("has_read")
    admin.sends()
    admin.sees("In use")

    assert worker.goes_to("/toolkit/") == 403
    ((case,),) = rows(NOTHING_BEGUN, "social.worker")
    worker.goes_to(f"/cases/{case}/assessments/new/")
    worker.chooses("reason", "new_concern")
    types_day(worker, "concern_on", in_days(-2))
    worker.fills(sources_used="Visit, school")
    worker.sends()
    worker.goes_to(worker.page.url.replace("screening/", "items/A/"))
    worker.sees("Goes missing from home, care or school")
