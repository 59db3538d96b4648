"""A notice may say that a restricted file was opened in an emergency."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_notice"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="notice",
            name="notice_known_kind",
        ),
        migrations.AlterField(
            model_name="notice",
            name="kind",
            field=models.CharField(
                choices=[
                    ("soon", "A task of yours is due soon."),
                    ("due", "A task of yours has reached its time limit."),
                    ("overdue", "A task of yours is overdue."),
                    ("unowned", "A task of your team needs somebody to do it."),
                    ("team_overdue", "A task of your team is overdue."),
                    ("service_overdue", "A task of your service is overdue by several days."),
                    ("emergency", "A restricted file was opened in an emergency."),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["soon", "due", "overdue", "unowned", "team_overdue", "service_overdue", "emergency"])
                ),
                name="notice_known_kind",
            ),
        ),
    ]
