"""Opens the heartbeat to the runtime role. It is not case data."""

from django.db import migrations

from access.operations import open_to_runtime


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0001_initial"), ("access", "0002_walls")]

    operations = [open_to_runtime("SELECT, INSERT, UPDATE", "deadlines_heartbeat")]
