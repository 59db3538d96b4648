from django.db import models


class Heartbeat(models.Model):
    """When a process last did its work. One row a process; not case data."""

    process = models.CharField(max_length=30, primary_key=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.process} at {self.at}"
