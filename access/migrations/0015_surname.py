"""Unusual reading may also be of a child with the reader's own surname."""

from django.db import migrations, models

PATTERNS = [
    ("files", "Opened many different files in an hour"),
    ("refusals", "Was refused, or tried what is not there, many times in an hour"),
    ("searches", "Searched for many children in an hour"),
    ("surname", "Opened the file of a child with their own surname, whom they do not work with"),
]


class Migration(migrations.Migration):
    dependencies = [("access", "0014_restriction")]

    operations = [
        migrations.AlterField("readingalert", "pattern", models.CharField(choices=PATTERNS, max_length=20)),
    ]
