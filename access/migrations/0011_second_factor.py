"""Second factors and lists of sessions are of people, not of children. Secrets are enciphered by the program."""

from django.db import migrations

from access.operations import open_to_runtime


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0010_search"),
        ("mfa", "0003_authenticator_type_uniq"),
        ("usersessions", "0001_initial"),
    ]

    operations = [
        open_to_runtime("SELECT, INSERT, UPDATE, DELETE", "mfa_authenticator", "usersessions_usersession"),
    ]
