"""Names and e-mail addresses as people type them: what mail can be sent to is taken, and nothing else."""

from email import message_from_bytes, policy
from email.headerregistry import Address
from email.message import EmailMessage

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wizard.account.people import LONGEST_EMAIL, LONGEST_NAME, plain_email, wrong_with_email, wrong_with_name


@pytest.mark.parametrize(
    "email",
    [
        "ana@demo.example",
        " Ana.Ruiz+bills@Demo.Example ",
        "o'neil_x@a-b.c2.example",
        "ana@bücher.example",
        "ana@例え.テスト",
        f"{'a' * 64}@{'b' * 63}.example",
    ],
)
def test_an_address_that_mail_can_be_sent_to_is_taken(email: str) -> None:
    assert wrong_with_email(email) == "" and plain_email(email) == email.strip().lower()


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ana",
        "@demo.example",
        "ana@",
        "ana@localhost",
        "ana@@demo.example",
        "ana@b@demo.example",
        "ana ruiz@demo.example",
        "ana@demo .example",
        "ana@demo..example",
        ".ana@demo.example",
        "ana.@demo.example",
        "ana@-demo.example",
        "ana@demo-.example",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        '"ana"@demo.example',
        "Ana <ana@demo.example>",
        "ana@demo.example, lou@demo.example",
        "ana@demo.example\r\nBcc: all@demo.example",
        "ana\r\nBcc: all@demo.example",
        "ana\0@demo.example",
        "ana@demo.example\u2028x",
        "\u202eana@demo.example",
        "ana@de\u00admo.example",
        "bj\u00f6rn@demo.example",
        "\u212aim@demo.example",
        "ana@demo\u3002example",
        f"{'a' * 65}@demo.example",
        f"ana@{'b' * 64}.example",
        f"ana@{'ü' * 63}.example",
        f"a@{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 60}.{'b' * 60}",
    ],
)
def test_what_is_no_address_is_told(email: str) -> None:
    assert wrong_with_email(email).startswith(
        ("Enter an e-mail address", f"An e-mail address has at most {LONGEST_EMAIL}")
    )


@given(st.text() | st.emails() | st.from_regex(r"[a-z.+\r\n ]{0,9}@[a-zü\r\n.-]{0,12}\.[a-z0-9]{1,4}", fullmatch=True))
@example("ana@\u0130.example")
def test_what_is_taken_goes_into_a_header_and_comes_out_as_one_address(text: str) -> None:
    if wrong_with_email(text):
        return
    email = plain_email(text)
    assert wrong_with_email(email) == "" and plain_email(email) == email, "stored, it is the same address"
    found = Address(addr_spec=email)
    message = EmailMessage(policy.default)
    message["To"] = Address(username=found.username, domain=found.domain.encode("idna").decode())
    assert message["To"].addresses[0].username == email.rpartition("@")[0] and len(message["To"].addresses) == 1
    assert message_from_bytes(message.as_bytes()).keys() == ["To"]


@pytest.mark.parametrize("name", ["", "Ana", "Zoë Müller-O'Neil", "李小龍", "n" * LONGEST_NAME])
def test_a_name_may_be_anything_that_stands_on_a_line(name: str) -> None:
    assert wrong_with_name(name) == ""


@pytest.mark.parametrize(
    "name", ["n" * (LONGEST_NAME + 1), "Ana\nRuiz", "\u202eana", "a\x1b[31m", "a\u2029b", "a\ud800"]
)
def test_a_name_of_several_lines_or_with_what_cannot_be_seen_is_told(name: str) -> None:
    assert wrong_with_name(name)
