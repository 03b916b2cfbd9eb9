"""What an article is about, and who has it: `related-products` and the kinds of services."""

import pytest

from tests.content.reading import library


@pytest.mark.parametrize("kind", ["mailboxes", "Mailbox", " MAILBOXES ", "mailboxs"])
def test_an_article_is_about_a_kind_in_large_or_small_letters_one_or_several(kind: str) -> None:
    found = library(
        {
            "a.md": "---\ntitle: A\nrelated-products: [Mailbox, server]\n---\n",
            "b.md": "---\ntitle: B\nrelated-products: mailboxes, mailbox\n---\n",
            "c.md": "---\ntitle: C\nrelated-products: [mail, box, mailbox rules]\n---\n",
            "d.md": "---\ntitle: D\n---\n",
        }
    )
    assert [one.title for one in found.about(kind)] == ["A", "B"]
    assert not found.about("") and not found.about("s")
