from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "duties"
    default_auto_field = "django.db.models.BigAutoField"
