"""Pages with every component and layout, to be looked at and checked in a browser. No domain, no database."""

from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace
from uuid import UUID

from django.http import QueryDict
from django.template import engines
from markupsafe import Markup

from ui import forms

LONG = "Konstantinopolitanischerdudelsackspfeifenmachergesellenname"
HOSTILE = '<script>alert(1)</script> & "quotes" {{ 7 * 7 }}'
NAVIGATION = [
    {"text": "My records", "href": "/", "current": True},
    {"text": "Meetings", "href": "/meetings/", "current": False, "count": 3},
    {"text": "Letters", "href": "/letters/", "current": False},
    {"text": "Directory", "href": "/directory/", "current": False},
]
PERSON = {"name": "J. Okafor", "href": "/me/", "sign_out_href": "/out/"}
TOKEN = Markup('<input type="hidden" name="csrfmiddlewaretoken" value="token">')
IDENTITY = {
    "name": "Alex T",
    "tags": [{"text": "High", "colour": "red"}],
    "facts": [
        {"label": "Age", "text": "14"},
        {"label": "Ref", "text": "REF-000042"},
        {"label": "Lead", "text": "J. Okafor"},
        {"label": "Needs", "text": "Interpreter"},
    ],
    "warnings": ["Visit in pairs. A large dog is kept in the yard."],
}
SIDE = [
    {"text": "Overview", "href": "/r/", "current": True},
    {"text": "Details", "href": "/r/details/", "current": False},
    {"text": "People and sharing", "href": "/r/people/", "current": False, "count": 4},
    {"text": "Visits and notes", "href": "/r/notes/", "current": False, "note": "5 of 9"},
    {"text": "Who has looked", "href": "/r/looked/", "current": False},
]
COMMON = {
    "navigation": NAVIGATION,
    "signed_in_as": PERSON,
    "csrf_input": TOKEN,
    "keep_alive_url": "/alive/",
    "footer_links": [{"text": "Accessibility", "href": "/accessibility/"}, {"text": "Get help", "href": "/help/"}],
}


class EveryField(forms.Form):
    """One of each."""

    name = forms.CharField(label="Full name", max_length=100)
    reference = forms.CharField(label="Reference", max_length=10, help_text="Like REF-000042")
    born = forms.DateField(label="Date of birth", help_text="For example, 27 3 2012")
    happened_at = forms.MomentField(label="When did it happen?", help_text="For example, 27 3 2026 at 14:30")
    answer = forms.RadioField(
        label="Goes missing overnight",
        inline=True,
        choices=[("now", "Present now"), ("past", "In the past"), ("no", "Not present"), ("unknown", "Not known yet")],
    )
    decision = forms.RadioField(
        label="Decision",
        choices=[("low", "Low"), ("high", "High"), ("back", "Send back")],
        hints={"high": "Opens the whole plan"},
        reasons={"low": "A thorough assessment must be agreed first."},
    )
    why = forms.CharField(label="Why?", required=False)
    story = forms.TextField(label="What is the evidence?", max_length=200, help_text="Say who told you and when")
    notes = forms.TextField(label="Notes", required=False)
    needs = forms.CheckboxesField(label="Needs", choices=[("a", "Interpreter"), ("b", "Ramp")], required=False)
    team = forms.SelectField(label="Team", choices=[("", "Choose a team"), ("1", "North"), ("2", "South")])
    email = forms.EmailField(label="Email")
    visits = forms.NumberField(label="How many visits?", smallest=1, biggest=99)
    password = forms.PasswordField(label="Password")
    sure = forms.YesField(label="I have checked this with my manager")
    version = forms.VersionField()


WRONG = (
    "name=&reference=123456789012&born_day=31&born_month=feb&born_year=2012&happened_at_day=29&happened_at_month=3"
    "&happened_at_year=2026&happened_at_time=1:30&decision=low&story=" + "x" * 230 + "&email=here&visits=many&version=1"
)
TYPED = "name=Alex+Typed&born_day=2&born_month=March&born_year=2012&answer=now&story=Mine%0D%0Atwo+lines&version=3"
TASKS = [
    {"text": "Send the referral", "href": "/a/", "hint": "Started 20 November",
     "due": {"text": "24 November", "words": "1 day left", "level": "soon"}},
    {"text": "Review the assessment", "href": "/b/",
     "due": {"text": "19 November", "words": "4 days overdue", "level": "overdue"}},
    {"text": "Write to " + LONG, "href": "/c/",
     "due": {"text": "2 December", "words": "9 days left", "level": "later"}},
    {"text": "Invite the family", "href": "/d/", "tag": {"text": "Not started"}},
    {"text": "Confirm the plan", "done": "Completed"},
]  # fmt: skip
FACTS = [
    {"key": "Lives with", "value": "Mum, DE23", "change": "/c/"},
    {"key": "Own words", "value": "“I want to stay at school.”\nAnd see my nan.",
     "note": "18 November 2026", "change": "/c/"},
    {"key": "Hostile", "value": HOSTILE},
    {"key": "Long", "value": LONG * 3},
]  # fmt: skip
EVENTS = [
    {"title": "Level agreed: high", "by": "S. Khan, manager", "at": datetime(2026, 11, 20, 15, 12, tzinfo=UTC),
     "text": "Up from medium.", "href": "/d/", "link": "See the decision"},
    {"title": "Visit", "by": "J. Okafor", "at": datetime(2026, 11, 20, 11, 2, tzinfo=UTC), "words": "I am fine",
     "text": "First line.\n\nSecond paragraph.", "tags": [{"text": "Seen alone", "colour": "green"}]},
    {"title": "A letter came", "at": "Some day in October"},
]  # fmt: skip
ROWS = [
    {"name": "Alex T", "level": "High", "day": "24 November", "words": "1 day left", "due": "soon"},
    {"name": LONG, "level": "Not agreed", "day": "19 November", "words": "4 days overdue", "due": "overdue"},
    {"name": "Sam D", "level": "Medium", "day": "1 December", "words": "8 days left", "due": "later"},
]
TABS = [
    {"text": "Mine", "count": 14, "href": "/?tab=mine", "current": True},
    {"text": "My teams", "count": 61, "href": "/?tab=team", "current": False},
    {"text": "Recent", "href": "/?tab=recent", "current": False},
]


class Message(str):
    """A message as Django's framework hands it to a template."""

    tags = "success"


def every_field(typed: str | None = None) -> EveryField:
    form = EveryField(
        QueryDict(typed) if typed is not None else None, initial={"version": 3, "once": UUID(int=1), "visits": 2}
    )
    form.is_valid()
    return form


def theirs() -> SimpleNamespace:
    """What somebody else saved while the form was being typed."""
    return SimpleNamespace(name="Alex Theirs", born=date(2012, 3, 3), answer="past", story="Theirs", version=4)


def render(name: str, **context: object) -> str:
    """One of the templates beside this file, with what every page has."""
    source = (Path(__file__).parent / "pages" / f"{name}.jinja").read_text()
    return engines["jinja"].env.from_string(source).render({**COMMON, **context})


def pages() -> dict[str, str]:
    """Every page of the gallery by name."""
    record = {"identity": IDENTITY, "side_links": SIDE, "tasks": TASKS, "facts": FACTS, "events": EVENTS}
    menu = [{"text": "A visit", "href": "/v/"}, {"text": "A note", "href": "/n/"}]
    env = engines["jinja"].env
    return {
        "record": render(
            "record", title="Overview", menu=menu, messages=[Message("The note has been saved.")], **record
        ),
        "list": render("list", title="My records", tabs=TABS, rows=ROWS),
        "form": render("form", title="Record something", form=every_field(), back_url="/", caption="Section 2 of 8"),
        "form-errors": render(
            "form", title="Record something", form=every_field(WRONG), back_url="/", identity=IDENTITY
        ),
        "form-stale": render(
            "form", title="Change the details", form=every_field(TYPED), theirs=theirs(), back_url="/"
        ),
        "panel": render("panel", title="Referral sent"),
        "403": env.get_template("errors/403.jinja").render({**COMMON, "reason": "Only the lead worker can do this."}),
        "404": env.get_template("errors/404.jinja").render(),
        "500": env.get_template("errors/500.jinja").render(),
    }
