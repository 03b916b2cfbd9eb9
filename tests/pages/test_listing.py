"""By letter, by keyword, before and after."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.content.article import Article
from wizard.pages.listing import by_letter, in_turn, lately, letter_of


def articles(*titles: str) -> list[Article]:
    return [Article(f"{number}.md", f"/{number}/", title, "") for number, title in enumerate(titles)]


@pytest.mark.parametrize(
    ("title", "letter"),
    [
        ("adding", "A"),
        ("\u00c9lan", "E"),
        ("\u00f8rsted", "O"),
        ("\u0141\u00f3d\u017a", "L"),
        ("\u201cAccess denied\u201d", "A"),
        ("7 ways", "0\u20139"),
        ("\u0663 ways", "0\u20139"),
        ("\u041f\u0440\u0438\u0432\u0435\u0442", "\u041f"),
        ("\u0386\u03bb\u03c6\u03b1", "\u0391"),
        ("\u6f22\u5b57", "\u6f22\u5b57"),
        ("\u65e5\u672c", "\u6f22\u5b57"),
        ("\uac00\ub098", "\ud55c\uae00"),
        ("\uff76\uff85", "\u3042"),
        ("\u0627\u0644\u0639", "\u0627"),
        ("?!", "Other"),
        ("", "Other"),
    ],
)
def test_a_title_stands_under_its_letter(title: str, letter: str) -> None:
    assert letter_of(title) == letter


def test_letters_are_in_an_order_that_is_expected() -> None:
    groups = by_letter(
        articles("zone", "\u0416", "10 ways", "\u00c4pfel", "apple 10", "Apple 9", "...", "(Beta)", "9 ways")
    )
    assert [group.text for group in groups] == ["A", "B", "Z", "\u0416", "0\u20139", "Other"]
    assert [one.title for one in groups[0].articles] == ["\u00c4pfel", "Apple 9", "apple 10"]
    assert [one.title for one in groups[4].articles] == ["9 ways", "10 ways"]


@given(st.lists(st.text()))
def test_no_article_is_lost_and_no_place_has_two_names(titles: list[str]) -> None:
    groups = by_letter(articles(*titles))
    assert sorted(one.title for group in groups for one in group.articles) == sorted(titles)
    assert len({group.anchor for group in groups}) == len(groups) == len({group.text for group in groups})
    assert not any(character.isspace() for group in groups for character in group.anchor)


def test_lists_take_turns() -> None:
    a, b, c, d = articles("a", "b", "c", "d")
    assert in_turn([[a, b, c], [d]], 3) == [a, d, b] and in_turn([], 3) == []


def test_without_dates_nothing_is_lately() -> None:
    assert lately(articles("a", "b"), 5) == []
