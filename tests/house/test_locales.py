"""Whose form a reader gets: what browsers send, what nobody should send, and readers side by side."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wizard.locales import _EUROPE, HOUSE, known, of_reader, present, written_in
from wizard.money import Money
from wizard.theme.formats import day, money

READERS = {
    # a region is named
    "en-US,en;q=0.9": "en_US",
    "en-GB, en ; q=0.5": "en_GB",
    "de-CH": "en_CH",
    "de_CH": HOUSE,
    "EN-gb": "en_GB",
    "fr-CA,fr;q=0.8,en-US;q=0.5": "en_CA",
    "zh-Hant-HK": "en_HK",
    "zh-yue-HK": "en_HK",
    "en-UK": "en_GB",
    "de-276": "en_DE",
    "en-Shaw-GB": "en_GB",
    "en-US-u-hc-h12": "en_US",
    # a language alone is that of its region
    "de": "en_DE",
    "de-u-co-phonebk": "en_DE",
    "sr,hu;q=0.5": "en_150",
    "zh-Hant": "en_001",
    "he": "en_IL",
    # a region without a form of English has that of the continent, or of the world
    "el-GR": "en_150",
    "en-150": "en_150",
    "pt-BR": "en_001",
    "es-419": "en_001",
    "en-QQ": "en_001",
    # weights
    "en-US;q=0.5,de-DE;q=0.6": "en_DE",
    "en-US;q=0.5,de-DE;q=0.5": "en_US",
    "en-US;q=0,de-DE;q=0.001": "en_DE",
    "en-US;q=0.000": HOUSE,
    # nothing is told, or nothing that can be used
    "": HOUSE,
    "*": HOUSE,
    "*;q=0.5,de": "en_DE",
    "*-CH": "en_CH",
    "*,de;q=0.5": HOUSE,
    "en": HOUSE,
    "en,de;q=0.5": HOUSE,
    "tlh,de;q=0.5": "en_DE",
    "c,de;q=0.5": "en_DE",
    "de;q=2": HOUSE,
    "de;q=nan": HOUSE,
    "de;level=1": HOUSE,
    "..-..": HOUSE,
    "../../etc/passwd": HOUSE,
    "\N{LATIN SMALL LETTER LONG S}v-SE": HOUSE,
    "de-DE" * 300: HOUSE,
}


@pytest.mark.parametrize(("accepted", "locale"), READERS.items())
def test_a_reader_has_the_form_of_the_region_that_the_browser_names_first(accepted: str, locale: str) -> None:
    assert of_reader(accepted, HOUSE) == locale


def test_where_the_browser_names_none_the_form_is_the_sites_own() -> None:
    assert [of_reader(accepted, "en_IE") for accepted in ("", "en", "*", "de")] == ["en_IE"] * 3 + ["en_DE"]


@given(st.text() | st.text("aenDE01-,;q=.* \t", max_size=60))
def test_whatever_a_header_holds_a_known_form_comes_of_it(accepted: str) -> None:
    assert of_reader(accepted, HOUSE) in known()


@pytest.mark.parametrize("part", ["a", "-", ",", ";q=", "de-", "en-a-", "de;q=0.1,", "0", " ", "aaa-aaa-aaa-"])
def test_headers_made_to_be_slow_are_read_like_others(part: str) -> None:
    for length in (999, 1_000_000):
        assert of_reader((part * length)[:length], HOUSE) in known()


def test_regions_that_go_with_the_continent_have_no_form_of_their_own() -> None:
    assert not {f"en_{region}" for region in _EUROPE} & set(known())


def test_readers_side_by_side_do_not_change_each_others_form() -> None:
    together = Barrier(4, timeout=30)

    def written(locale: str) -> set[str]:
        texts = set()
        with written_in(locale):
            for _ in range(50):
                together.wait()
                texts.add(f"{present()} {money(Money(123450, 'USD'))}, {day(date(2026, 11, 21))}")
        return texts | {present()}

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(written, ["en_US", "en_GB", "en_DE", HOUSE]))
    assert found == [
        {"en_US $1,234.50, November 21, 2026", HOUSE},
        {"en_GB US$1,234.50, 21 November 2026", HOUSE},
        {"en_DE 1.234,50\xa0US$, 21 November 2026", HOUSE},
        {"en $1,234.50, 21 November 2026", HOUSE},
    ]


def test_the_form_before_is_back_after_an_error() -> None:
    with written_in("en_GB"):
        with pytest.raises(ZeroDivisionError), written_in("en_DE"):
            _ = 1 // 0
        assert present() == "en_GB"
