"""Components: each documents its parameters, and its examples render as they stand there."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment, nodes

from tests.helpers.shared import ROOT
from wizard.content.article import Article
from wizard.money import Money
from wizard.theme import dress
from wizard.web.panels import Frame

TEMPLATES = ROOT / "wizard/theme/templates"
COMPONENTS = sorted((TEMPLATES / "components").glob("*.html"))


def environment() -> Environment:
    app = Flask("components")
    dress(app)
    frame = Frame(
        "delete-services", "Your account, Fernhill Robotics", "6 services are billed.", "12:03", "", {}, False
    )
    app.jinja_env.globals.update(
        example_sum=Money(123450, "USD"),
        example_day=date(2026, 11, 21),
        example_instant=datetime(2026, 11, 21, 13, 3, tzinfo=UTC),
        example_frame=frame,
        example_frame_with_errors=replace(
            frame, id="closure", title="Request closure", errors={"scope": "Choose what is to end."}
        ),
        example_article=Article("a.md", "/a/", "Closing your account", "", summary="In four steps."),
    )
    return app.jinja_env


def examples(component: Path) -> list[str]:
    return re.findall(r"^Example: (.*)$", component.read_text(), re.MULTILINE)


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_every_parameter_is_documented_and_nothing_else_is(component: Path) -> None:
    source = component.read_text()
    comment = re.match(r"\{#\n(.*?)#\}", source, re.DOTALL)
    assert comment, "begins with what it is"
    documented = set(re.findall(r"^([a-z]+)  +\S", comment[1], re.MULTILINE))
    macros = environment().parse(source).find_all(nodes.Macro)
    parameters = {argument.name for macro in macros for argument in macro.args}
    assert documented == parameters


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda path: path.stem)
def test_its_examples_render(component: Path) -> None:
    env = environment()
    assert examples(component)
    for example in examples(component):
        html = render(env, component, example)
        assert html.strip() and "Undefined" not in html


def render(env: Environment, component: Path, example: str) -> str:
    macros = [node.name for node in env.parse(component.read_text()).find_all(nodes.Macro)]
    head = f'{{% from "components/{component.name}" import {", ".join(macros)} %}}'
    return env.from_string(head + example).render()


def test_what_is_entered_is_never_markup() -> None:
    env = environment()
    field = TEMPLATES / "components/field.html"
    html = render(env, field, """{{ field("x", "<b>", value='"><script>', error="<i>") }}""")
    assert "<script>" not in html and "<b>" not in html and "<i>" not in html
