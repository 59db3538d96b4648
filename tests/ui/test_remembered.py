"""What is printed again and again is printed once; what says nothing of what it depends on is never kept."""

from ui.jinja import Remembered


def test_a_piece_is_printed_once_for_each_key():
    printed, remembered = [], Remembered()

    def macro(word):
        printed.append(word)
        return f"<b>{word}</b>"

    assert [remembered(("A",), macro, "a"), remembered(("A",), macro, "a"), remembered(("B",), macro, "b")] == [
        "<b>a</b>", "<b>a</b>", "<b>b</b>",
    ]  # fmt: skip
    assert printed == ["a", "b"]


def test_without_a_key_nothing_is_kept():
    remembered = Remembered()
    assert [remembered(None, str, 1), remembered(None, str, 2)] == ["1", "2"]
    assert remembered.kept == {}


def test_it_does_not_grow_without_end():
    remembered = Remembered()
    remembered.most = 3
    for number in range(10):
        assert remembered((str(number),), str, number) == str(number)
        assert len(remembered.kept) <= 3
