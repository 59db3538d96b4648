"""Loading a version of the toolkit from a file, and publishing it. A version is never edited."""

from django.db import IntegrityError, transaction

from access.actions import role_action
from access.refusals import Refused
from access.roles import Action
from accounts.models import User
from assessments.models import ToolkitItem, ToolkitSection, ToolkitVersion
from assessments.toolkit import Tables, keep, make_current
from assessments.toolkit.checking import BadToolkit, read

TABLES = Tables(ToolkitVersion, ToolkitSection, ToolkitItem)


@role_action(Action.MANAGE_TOOLKIT)
def load_toolkit(*, by: User, text: str) -> ToolkitVersion:
    """Loads a version from the text of a file, for somebody to look at. Nobody assesses with it yet.

    Raises:
        Refused: the file is no toolkit, or its number is taken; nothing of it was loaded. The sentence names every
            mistake.
    """
    try:
        with transaction.atomic():
            version: ToolkitVersion = keep(read(text), TABLES, loaded_by=by)
    except BadToolkit as mistakes:
        raise Refused(str(mistakes)) from mistakes
    except IntegrityError as error:
        raise Refused("Somebody loaded a version with this number at the same moment. Look at theirs first.") from error
    return version


@role_action(Action.MANAGE_TOOLKIT)
def publish_toolkit(*, by: User, toolkit: ToolkitVersion) -> ToolkitVersion:
    """Makes a version the current one: assessments that begin from now on are made with it.

    Raises:
        Refused: it was published before. A version that was replaced comes back under a number of its own.
    """
    waiting = ToolkitVersion.objects.select_for_update(of=("self",)).get(pk=toolkit.pk)
    if waiting.published_at is not None:
        raise Refused("This version was published before. Load it again under the next number.")
    make_current(waiting, TABLES, published_by=by)
    return ToolkitVersion.objects.get(pk=waiting.pk)
