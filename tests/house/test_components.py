"""Components: each documents its parameters, and its examples render as they stand there."""

import re
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import Environment

from wizard.config import Config
from wizard.theme import dress, load_theme
from wizard.theme.components import Component, components, render
from wizard.web.components import EXAMPLES


def environment(folder: Path = Path("no such folder")) -> Environment:
    app = Flask("components")
    dress(app, load_theme(Config(theme=folder)), lambda root: "", **EXAMPLES)
    return app.jinja_env


COMPONENTS = components(environment())


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda one: one.name)
def test_every_parameter_is_documented_and_nothing_else_is(component: Component) -> None:
    assert component.about, "begins with what it is"
    assert set(component.parameters) == {name for names in component.macros.values() for name in names}


@pytest.mark.parametrize("component", COMPONENTS, ids=lambda one: one.name)
def test_its_examples_render(component: Component) -> None:
    assert component.examples
    for example in component.examples:
        html = render(environment(), component, example)
        assert html.strip() and "Undefined" not in html


def test_what_is_entered_is_never_markup() -> None:
    field = next(one for one in COMPONENTS if one.name == "field")
    html = render(environment(), field, """{{ field("x", "<b>", value='"><script>', error="<i>") }}""")
    assert "<script>" not in html and "<b>" not in html and "<i>" not in html


def test_a_component_of_the_projects_own_is_shown_in_place_of_ours(tmp_path: Path) -> None:
    own = tmp_path / "templates/components/money.html"
    own.parent.mkdir(parents=True)
    own.write_text("{#\nOurs is better.\n\nsum  the sum\n#}\n{% macro money(sum) %}{{ sum }}{% endmacro %}")
    shown = {one.name: one for one in components(environment(tmp_path))}
    assert shown["money"].about == "Ours is better." and shown["date"] in COMPONENTS


def test_no_component_is_without_a_use() -> None:
    env = environment()
    used = " ".join(env.loader.get_source(env, name)[0] for name in env.list_templates())
    assert not [one.name for one in COMPONENTS if not re.search(rf'from "components/{one.name}.html"', used)]
