"""What the components say of themselves: each file begins with what it is, its parameters and examples of it."""

import re
from dataclasses import dataclass

from jinja2 import Environment, nodes
from markupsafe import Markup

_COMMENT = re.compile(r"\s*\{#\n(.*?)#\}", re.DOTALL)
_PARAMETER = re.compile(r"^([a-z]+)  +(\S.*(?:\n +\S.*)*)", re.MULTILINE)
_EXAMPLE = re.compile(r"^Example: (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Component:
    name: str
    about: str
    parameters: dict[str, str]
    """Name -> what it means."""
    examples: tuple[str, ...]
    """Templates that show it."""
    macros: dict[str, tuple[str, ...]]
    """Name -> the names of its arguments."""


def components(env: Environment) -> list[Component]:
    """All that templates of this environment can use, by name."""
    names = sorted(name for name in env.list_templates() if name.startswith("components/"))
    return [_component(env, name) for name in names]


def render(env: Environment, component: Component, example: str) -> Markup:
    """An example as a page would show it. What it names must be a global of the environment."""
    head = f'{{% from "components/{component.name}.html" import {", ".join(component.macros)} %}}'
    return Markup(env.from_string(head + example).render())


def _component(env: Environment, name: str) -> Component:
    source, file, _ = env.loader.get_source(env, name)
    found = _COMMENT.match(source)
    comment = found[1] if found else ""
    macros = {
        macro.name: tuple(argument.name for argument in macro.args)
        for macro in env.parse(source, name, file).find_all(nodes.Macro)
    }
    return Component(
        name=name.removeprefix("components/").removesuffix(".html"),
        about=" ".join(comment.partition("\n\n")[0].split()),
        parameters={one[1]: " ".join(one[2].split()) for one in _PARAMETER.finditer(comment)},
        examples=tuple(_EXAMPLE.findall(comment)),
        macros=macros,
    )
