"""A word of the program's own in the statement's text, so that a plan kept for every value may use a partial index."""

import pytest

from accounts.models import Notice

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
