"""Loads the toolkit, so that no assessment is ever made without one."""

from django.db import migrations

from assessments.toolkit import CURRENT, Tables, load
from assessments.toolkit.checking import read


def load_current(apps, schema_editor):
    names = ("ToolkitVersion", "ToolkitSection", "ToolkitItem")
    load(read(CURRENT.read_text()), Tables(*(apps.get_model("assessments", name) for name in names)))


class Migration(migrations.Migration):
    dependencies = [("assessments", "0002_walls")]

    operations = [migrations.RunPython(load_current, migrations.RunPython.noop)]
