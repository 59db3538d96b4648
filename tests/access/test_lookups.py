"""Statements that the database plans once: a word of the program's own in their text, a list as one value."""

import pytest
from django.db.models import F

from accounts.models import Membership, Notice, User
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("word", "text"),
    [(Notice.Mail.DIGEST, "= 'digest'"), ([Notice.Mail.NONE, Notice.Mail.DIGEST], "IN ('digest', 'none')")],
)
def test_a_word_stands_in_the_statement(word, text):
    statement, params = Notice.objects.filter(mail__literally=word).query.sql_with_params()
    assert text in statement
    assert params == ()
    assert list(Notice.objects.filter(mail__literally=word)) == []


@pytest.mark.parametrize("typed", ["", "x' OR '1'='1", "Digest", "a b", [], ["digest", "'"], "1"])
def test_what_is_no_such_word_is_never_sent(typed):
    with pytest.raises(ValueError, match="no words"):
        str(Notice.objects.filter(mail__literally=typed).query)


@pytest.mark.parametrize(
    ("filters", "many"),
    [
        ({"path__in": ["/a/"]}, {"path__in": ["/a/", "/b/", "/c/"]}),
        ({"pk__in": [1]}, {"pk__in": range(40)}),
        ({"recipient__in": [1]}, {"recipient__in": [1, 2]}),
        ({"recipient__memberships__in": [1]}, {"recipient__memberships__in": [1, 2]}),
    ],
)
def test_a_list_is_one_value_so_the_statement_is_the_same_however_long_it_is(filters, many):
    one, _ = Notice.objects.filter(**filters).query.sql_with_params()
    several, params = Notice.objects.filter(**many).query.sql_with_params()
    assert one == several
    assert params == (list(next(iter(many.values()))),)


def test_a_list_answers_as_ever():
    people = [UserFactory(username=name, name=name) for name in ("anna", "ben", "cleo")]
    found = User.objects.filter(username__in=["anna", "cleo", None]).order_by("username")
    assert list(found) == [people[0], people[2]]
    assert list(User.objects.filter(pk__in=[])) == []
    assert list(User.objects.filter(username__in=[F("name")], pk__in=[one.pk for one in people])) != []
    assert list(Membership.objects.filter(user__in=User.objects.filter(pk=people[0].pk))) == []
