"""The administrator's pages, as a browser meets them."""

import re
from uuid import uuid4

import pytest
from django.urls import get_resolver, reverse

from accounts.models import Agency, Membership, Team, User
from accounts.roles import AgencyKind, Role
from tests import factories
from tests.database import rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(admin, client_for):
    return client_for(admin)


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def send(browser, page, /, *ids, **typed):
    return browser.post(reverse(page, args=ids), {"once": str(uuid4()), **typed})


PASSWORD = re.compile(r"\b(?:[a-z2-9]{4}-){3}[a-z2-9]{4}\b")


def test_an_account_is_created_and_its_password_shown_once(browser):
    response = send(browser, "staff_create_person", username="jo.smith", name="Jo Smith", job_title="Social worker")
    (password,) = set(PASSWORD.findall(response.content.decode()))
    made = User.objects.get(username="jo.smith")
    assert made.check_password(password)
    assert response["Cache-Control"] == "no-store"
    assert password not in browser.get(reverse("staff_person", args=[made.pk])).content.decode()


def test_a_form_sent_twice_makes_one_account_and_no_second_password(browser):
    typed = {"once": str(uuid4()), "username": "jo.smith", "name": "Jo Smith", "job_title": "Social worker"}
    first = browser.post(reverse("staff_create_person"), typed)
    again = browser.post(reverse("staff_create_person"), typed)
    made = User.objects.get(username="jo.smith")
    assert PASSWORD.search(first.content.decode())
    assert (again.status_code, again.url) == (302, reverse("staff_person", args=[made.pk]))


@pytest.mark.parametrize("username", ["", "Jo Smith", "jo smith", "jo_smith\n", "é", "x" * 61, "-jo", "a\x00b"])
def test_impossible_user_names_are_refused_and_stay_in_the_box(browser, username):
    response = send(browser, "staff_create_person", username=username, name="Jo Smith", job_title="Worker")
    assert (response.status_code, User.objects.filter(name="Jo Smith").count()) == (200, 0)
    assert "There is a problem" in text_of(response)
    assert "Jo Smith" in response.content.decode()


def test_a_user_name_that_is_taken_is_said_so(browser, worker):
    response = send(browser, "staff_create_person", username=worker.username, name="Jo", job_title="Worker")
    assert "Choose another user name" in text_of(response)


def test_markup_in_a_name_is_text(browser):
    send(browser, "staff_create_person", username="jo", name="<script>alert(1)</script>", job_title="Worker")
    assert "<script>alert(1)" not in browser.get(reverse("staff")).content.decode()


def test_a_new_one_time_password(browser, worker):
    response = send(browser, "staff_one_time_password", worker.pk)
    (password,) = set(PASSWORD.findall(response.content.decode()))
    assert User.objects.get(pk=worker.pk).check_password(password)


def test_details_show_both_texts_after_a_stale_save(browser, worker):
    typed = {"name": "Maryam Osei", "job_title": "Senior social worker", "version": "1"}
    assert send(browser, "staff_edit_person", worker.pk, **typed).status_code == 302
    stale = send(browser, "staff_edit_person", worker.pk, **typed | {"job_title": "Practice lead"})
    assert stale.status_code == 409
    assert "Practice lead" in text_of(stale)
    assert "Senior social worker" in text_of(stale)
    assert User.objects.get(pk=worker.pk).job_title == "Senior social worker"


def test_a_role_is_given_and_taken_away(browser, worker, team):
    assert send(browser, "staff_join_team", worker.pk, team=team.pk, role="team_manager").status_code == 302
    given = Membership.objects.get(team=team)
    assert given.started_by.name == "Beth Farrow"
    assert "Locality 3" in text_of(browser.get(reverse("staff_person", args=[worker.pk])))
    assert send(browser, "staff_end_membership", worker.pk, given.pk).status_code == 302
    assert "taken away by Beth Farrow" in text_of(browser.get(reverse("staff_person", args=[worker.pk])))


def test_a_role_that_may_not_be_held_together_is_said_on_the_form(browser, worker, team):
    response = send(browser, "staff_join_team", worker.pk, team=team.pk, role="system_admin")
    assert "System administrator cannot be held together with Social worker" in text_of(response)
    assert not Membership.objects.filter(team=team).exists()


@pytest.mark.parametrize(("field", "value"), [("team", "999999"), ("team", "x"), ("role", "king"), ("team", "")])
def test_a_choice_that_is_none_is_refused(browser, worker, team, field, value):
    typed = {"team": team.pk, "role": "team_manager"} | {field: value}
    response = send(browser, "staff_join_team", worker.pk, **typed)
    assert (response.status_code, Membership.objects.filter(user=worker).count()) == (200, 1)
    assert "There is a problem" in text_of(response)


def test_ones_own_account_offers_nothing_that_is_refused(browser, admin):
    page = browser.get(reverse("staff_person", args=[admin.pk])).content.decode()
    for name in ("staff_end_person", "staff_join_team", "staff_one_time_password"):
        assert reverse(name, args=[admin.pk]) not in page
    assert "your own account" in text_of(send(browser, "staff_end_person", admin.pk))
    assert User.objects.get(pk=admin.pk).is_active


def test_the_role_of_one_person_is_not_ended_under_the_address_of_another(browser, worker, other_admin):
    membership = worker.memberships.get()
    assert send(browser, "staff_end_membership", other_admin.pk, membership.pk).status_code == 404


def test_a_team_and_an_agency(browser):
    assert send(browser, "staff_create_agency", name="Trent Academy", kind="education").status_code == 302
    agency = Agency.objects.get(name="Trent Academy")
    assert (
        "Only a team of the council"
        in text_of(send(browser, "staff_create_team", agency=agency.pk, name="Pastoral", receives_contacts="on"))
    )  # fmt: skip
    response = send(browser, "staff_create_team", agency=agency.pk, name="Pastoral")
    team = Team.objects.get(name="Pastoral")
    assert response.url == reverse("staff_team", args=[team.pk])
    send(browser, "staff_edit_team", team.pk, name="Pastoral care")
    send(browser, "staff_rename_agency", agency.pk, name="Trent College")
    page = text_of(browser.get(reverse("staff_teams")))
    assert "Pastoral care" in page
    assert "Trent College" in page
    send(browser, "staff_end_team", team.pk)
    send(browser, "staff_end_agency", agency.pk)
    assert Agency.objects.get(pk=agency.pk).ended_at
    assert browser.get(reverse("staff_edit_team", args=[team.pk])).status_code == 404
    assert browser.get(reverse("staff_team", args=[team.pk])).status_code == 200


def test_city_wide_standing_is_shown_and_no_form_changes_it(browser):
    team = factories.city_wide_team(2)
    assert "Every file, after giving a reason" in text_of(browser.get(reverse("staff_team", args=[team.pk])))
    send(browser, "staff_edit_team", team.pk, name="Night team", city_wide_level="0", city_wide_labels="")
    team.refresh_from_db()
    assert (team.name, team.city_wide_level) == ("Night team", 2)


@pytest.mark.parametrize(
    "query", ["?q=osei", "?q=maryam.osei", "?page=1", "?page=x", "?page=0", "?team=999999999999999999999"]
)
def test_the_list_takes_any_address(browser, worker, query):
    assert browser.get(reverse("staff") + query).status_code == 200


def test_the_list_finds_by_name_and_hides_the_ended_until_asked(browser, admin, worker):
    from access.staff import services

    assert "Maryam Osei" in text_of(browser.get(reverse("staff") + "?q=osei+mar"))
    services.end_person(by=admin, person=worker)
    assert "Maryam Osei" not in text_of(browser.get(reverse("staff")))
    assert "Maryam Osei" in text_of(browser.get(reverse("staff") + "?show=ended"))


def test_the_list_asks_as_many_queries_for_many_people_as_for_one(browser, django_assert_max_num_queries):
    def count():
        with django_assert_max_num_queries(30) as queries:
            assert browser.get(reverse("staff")).status_code == 200
        return len(queries)

    count()  # the first visit also begins the session
    before = count()
    for _ in range(5):
        factories.person(Role.SOCIAL_WORKER)
    assert count() == before


@pytest.mark.parametrize("name", ["staff_person", "staff_edit_person", "staff_end_person", "staff_team"])
@pytest.mark.parametrize("number", [0, 999999, 2**63, 10**30])
def test_ids_that_are_none_are_not_found(browser, name, number):
    assert browser.get(reverse(name, args=[number])).status_code == 404


def staff_pages():
    (resolver,) = [one for one in get_resolver().url_patterns if str(one.pattern) == "staff/"]
    return resolver.url_patterns


def test_every_page_is_for_system_administrators_alone(client_for, worker, team):
    ids = {"person": worker.pk, "membership": worker.memberships.get().pk, "team": team.pk, "agency": team.agency_id}
    clients = {role: client_for(factories.person(role)) for role in Role}
    wrong = []
    for page in staff_pages():
        address = reverse(page.name, kwargs={key: ids[key] for key in page.pattern.converters})
        for role, client in clients.items():
            status = client.get(address).status_code
            if status != (200 if role == Role.SYSTEM_ADMIN else 403):
                wrong.append(f"{page.name} {role}: {status}")
    assert (wrong, len(staff_pages()) >= 16) == ([], True)
    denials = rows("SELECT count(*) FROM access_auditevent WHERE kind = 'denied'", using="ledger")[0][0]
    assert denials == (len(Role) - 1) * len(staff_pages())


def test_no_page_of_the_administrator_names_a_child(browser, worker, team):
    case = factories.CaseFileFactory(reference="CRE-T99999")
    factories.give(case, team, source="team", until=None)
    factories.lead(case, worker)
    addresses = [
        reverse("staff"), reverse("staff_teams"), reverse("staff_team", args=[team.pk]),
        reverse("staff_person", args=[worker.pk]), reverse("staff_end_person", args=[worker.pk]),
    ]  # fmt: skip
    for address in addresses:
        page = browser.get(address).content.decode()
        assert case.reference not in page
        assert str(case.pk) not in page


def test_kinds_of_agencies_are_all_offered(browser):
    page = browser.get(reverse("staff_create_agency")).content.decode()
    assert all(kind.label in page for kind in AgencyKind)
