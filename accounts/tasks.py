"""Work that Celery starts. Any number may run at once, and does no harm twice."""

from allauth.usersessions.models import UserSession
from celery import shared_task
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone


@shared_task(ignore_result=True)
def clear_sessions() -> None:
    """Each hour: sessions whose time is over are deleted with all they held, and where somebody was signed in."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    UserSession.objects.exclude(Exists(Session.objects.filter(session_key=OuterRef("session_key")))).delete()
