"""A worker process that runs one tick on a test's database: `python -m tests.deadlines.ticking NAME`.

Django's connections are pointed where the tests' own are; the clock's role is the real one.
"""

import os
import sys

import django

if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    django.setup()
    from deadlines import reminders
    from tests import database

    database.use(sys.argv[1], "cre_test", database.RUNTIME)
    reminders.BATCH = int(sys.argv[2])
    write, batches = reminders._write, 0

    def said(found):
        """Says when a batch has been written and not committed yet: the worst moment to be killed."""
        global batches
        told, batches = write(found), batches + 1
        print(batches, flush=True)
        return told

    reminders._write = said
    reminders.send_due()
    print("done", flush=True)
