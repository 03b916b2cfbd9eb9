"""What is no export, or no article, is named; the rest is written."""

from pathlib import Path

import pytest

from tests.importing.helpcenter import article, imported, page
from wizard.errors import SetupError

NO_EXPORT = {
    "not json": ("{", "export.json:1: is not JSON"),
    "another thing": ({"tickets": []}, "is not an article list"),
    "a list of other things": ([{"articles": []}, 3], "is not an article list"),
    "nothing": ([], "is not an article list"),
    "articles that are no list": ({"articles": {"a": 1}}, "is not an article list"),
    "nested beyond reason": ("[" * 200_000, "is not JSON that can be read"),
}


@pytest.mark.parametrize(("export", "message"), NO_EXPORT.values(), ids=NO_EXPORT.keys())
def test_what_is_no_export_is_refused_in_a_sentence(tmp_path: Path, export: object, message: str) -> None:
    with pytest.raises(SetupError) as refused:
        imported(tmp_path, export)
    assert message in str(refused.value) and not (tmp_path / "articles").exists()


WRONG = {
    "no table": ("text", "articles[1]: is 'text' (give a table with fields)"),
    "no id": ({"title": "x"}, "articles[1]: id is missing (give a whole number)"),
    "no title": (article(4, "x") | {"title": None}, "articles[1] (id 4): the article has no title"),
    "an empty title": (article(4, "x") | {"title": " \n"}, "articles[1] (id 4): the article has no title"),
    "a title that is no text": (article(4, "x") | {"title": ["x"]}, "title is ['x'] (give text)"),
    "a body that is no text": (article(4, "x") | {"body": 3}, "body is 3 (give text)"),
    "labels that are no list": (article(4, "x", label_names="a,b"), "label_names is 'a,b' (give a list)"),
    "labels that are no texts": (article(4, "x", label_names=[1]), "label_names is [1] (give a list of texts)"),
    "a flag that is none": (article(4, "x", draft="no"), "draft is 'no' (give true or false)"),
    "a date that is none": (article(4, "x", edited_at="soon"), "the date is 'soon'"),
    "an address that is none": (article(4, "x", html_url="https://[x"), "html_url is 'https://[x'"),
}


@pytest.mark.parametrize(("item", "message"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_article_is_named_and_the_others_are_written(tmp_path: Path, item: object, message: str) -> None:
    done, said = imported(tmp_path, page(item, article(9, "Right")))
    assert not done and message in said
    assert "1 article written" in said and said.endswith("1 error\n")
