"""The number of a card is found however it is written; other long numbers are not taken for one."""

import re
from datetime import datetime

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from wizard.account.cards import holds_card_number, passes_luhn
from wizard.account.reference import new_reference
from wizard.records.ids import new_id

BEGINNINGS = {
    "4": (13, 16, 19),
    "51": (16,),
    "55": (16,),
    "2221": (16,),
    "2720": (16,),
    "2200": (16, 19),
    "34": (15,),
    "37": (15,),
    "300": (14,),
    "36": (14, 19),
    "3528": (16, 19),
    "5018": (13, 16, 19),
    "6011": (16, 19),
    "62": (16, 19),
    "6304": (13, 19),
    "81": (16, 19),
    "9792": (16,),
}
"""How numbers of card networks begin -> how long they are."""
LIGHT = [" ", "-", ".", "\u00a0", "\u2013", "_", "/", " - ", "\n", "\u200b"]
ANY = [*LIGHT, ",", ":", "+", "*"]
SCRIPTS = ["0", "\u0660", "\u0966", "\uff10"]
"""Their zeros: ASCII, Arabic, Devanagari, fullwidth."""
WORDS = st.text(st.characters(categories=["L", "Zs", "Po"]), max_size=12).map(lambda text: f"a{text}b")


@st.composite
def numbers(draw: st.DrawFn) -> str:
    begins, lengths = draw(st.sampled_from(list(BEGINNINGS.items())))
    length = draw(st.sampled_from(lengths))
    body = begins + draw(st.text("0123456789", min_size=length - 1 - len(begins), max_size=length - 1 - len(begins)))
    return next(body + last for last in "0123456789" if passes_luhn(body + last))


@st.composite
def grouped(draw: st.DrawFn, number: str) -> list[str]:
    groups = []
    while number:
        size = draw(st.integers(1, len(number)))
        groups.append(number[:size])
        number = number[size:]
    return groups


def fours(number: str) -> list[str]:
    return re.findall(".{1,4}", number)


@given(st.data(), numbers(), WORDS, WORDS, st.sampled_from(ANY), st.sampled_from(SCRIPTS))
def test_each_number_is_found_in_any_grouping_and_script_amid_words(
    data: st.DataObject, number: str, before: str, after: str, gap: str, zero: str
) -> None:
    written = gap.join(data.draw(grouped(number)))
    written = "".join(chr(ord(zero) + int(sign)) if sign.isascii() and sign.isdigit() else sign for sign in written)
    assert holds_card_number(written) and holds_card_number(f"{before}{written}{after}")


@given(st.data(), numbers())
def test_each_number_is_found_with_different_signs_between_its_groups(data: st.DataObject, number: str) -> None:
    first, *rest = data.draw(grouped(number))
    written = first + "".join(data.draw(st.sampled_from(LIGHT)) + group for group in rest)
    assume(not re.search(r"\d+\.\d+\.\d+\.\d+", written))  # that is a network address
    assert holds_card_number(f"Mine is {written}")


@given(numbers(), st.sampled_from(LIGHT), st.sampled_from(["12/28", "12/28 123", "7", "2026-11-21", "0800 100 200"]))
def test_a_number_is_found_beside_other_numbers(number: str, gap: str, other: str) -> None:
    for written in (number, gap.join(fours(number))):
        assert holds_card_number(f"{written} {other}") and holds_card_number(f"{other} {written}")


@given(numbers(), st.integers(0, 18), st.integers(1, 9))
def test_with_one_wrong_digit_it_is_the_number_of_no_card(number: str, place: int, more: int) -> None:
    place %= len(number)
    wrong = number[:place] + str((int(number[place]) + more) % 10) + number[place + 1 :]
    assert not holds_card_number(wrong)


@given(st.text("0123456789", min_size=20, max_size=40))
def test_a_longer_run_of_digits_is_no_card(run: str) -> None:
    assert not holds_card_number(f"Tracking number {run}.")


PHONES = (
    st.tuples(st.integers(1, 999), st.integers(10**6, 10**10)).map(lambda parts: f"+{parts[0]} {parts[1]}"),
    st.tuples(st.integers(1, 99), st.integers(100, 999), st.integers(1000, 9999999)).map(
        lambda parts: f"+{parts[0]} ({parts[1]}) {parts[2]}"
    ),
    st.tuples(st.integers(200, 999), st.integers(200, 999), st.integers(0, 9999)).map(
        lambda parts: f"{parts[0]}-{parts[1]}-{parts[2]:04}"
    ),
    st.tuples(st.integers(200, 999), st.integers(200, 999), st.integers(0, 9999)).map(
        lambda parts: f"{parts[0]} {parts[1]} {parts[2]:04}"
    ),
    st.tuples(st.integers(10, 9999), st.integers(10**5, 10**8 - 1)).map(lambda parts: f"0{parts[0]} {parts[1]}"),
)


@given(st.lists(st.one_of(PHONES), min_size=1, max_size=3), st.sampled_from([", ", " or ", "; ", "\nFax: "]))
def test_telephone_numbers_are_no_cards(phones: list[str], between: str) -> None:
    assert not holds_card_number(f"Call {between.join(phones)}")


@given(st.sampled_from(PHONES[2:4]).flatmap(lambda phone: st.tuples(phone, phone)), st.sampled_from([" ", ", ", "\n"]))
def test_two_telephone_numbers_in_a_row_are_no_card(phones: tuple[str, str], between: str) -> None:
    assert not holds_card_number(between.join(phones))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2090, 1, 1)), st.integers(0, 10**6))
def test_days_and_times_are_no_cards(instant: datetime, number: int) -> None:
    for form in ("%Y-%m-%d %H:%M:%S", "%Y%m%d%H%M%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S.%f"):
        assert not holds_card_number(instant.strftime(form))
    assert not holds_card_number(f"{int(instant.timestamp() * 1000)}")
    assert not holds_card_number(f"Invoices FERN-{instant:%Y-%m} and FERN-{instant:%Y-%m}-{number}")


def test_our_references_and_ids_are_no_cards() -> None:
    for _ in range(300):
        assert not holds_card_number(f"{new_reference()} {new_reference()} {new_id('cr')}")
    for digits in ("4242424242424242", "5555555555554444", "424242424242"):
        assert not holds_card_number(f"cr_{digits} and pm_{digits}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4242",
        "4242 4242 4242",
        "490154203237518, the telephone's IMEI",
        "from 52.14.203.17 34.200.11.5 to 52.14.203.17",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16",
        "00340434161094042557",
        "89014103211118510720",
        "0000 0000 0000 0000",
        "$4,000.00 and $123.45 and $1,250.00",
    ],
)
def test_other_numbers_are_no_cards(text: str) -> None:
    assert not holds_card_number(text)


@pytest.mark.parametrize(
    "text", ["+4242424242424242", "1. 42 42 42 42 42 42 42 42", "3782 822463 10005 exp 12/28", "Visa4242424242424242x"]
)
def test_a_card_is_a_card_in_odd_places_too(text: str) -> None:
    assert holds_card_number(text)


def test_a_long_text_is_read_in_a_straight_line() -> None:
    """As large as a form may be; something quadratic would not come back."""
    digits = ("4242 " * 50_000, "4" * 250_000, "4." * 125_000, "4242 4242, " * 20_000)
    letters = ("a" * 250_000, " " * 250_000, "4242 " * 4 + "a" * 250_000, "ab_" * 80_000, "1.1.1." * 40_000)
    for text in digits + letters:
        holds_card_number(text)


@pytest.mark.parametrize("secret", ["4242424242424242" + "a" * 48, "a4242424242424242" + "b" * 47])
def test_the_secret_part_of_a_link_is_no_card_whatever_its_digits(secret: str) -> None:
    assert not holds_card_number(f"/invitations/iv_0123456789abcdef.{secret}/")
    assert holds_card_number(secret.replace("a", " ").replace("b", " "))
