"""Templates: ours, and the project's in place of single ones, checked before anything is rendered."""

import difflib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

from jinja2 import (
    BaseLoader,
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
    TemplateSyntaxError,
    nodes,
)

from wizard.errors import SetupError
from wizard.theme import formats
from wizard.theme.files import HERE, below

OURS = HERE / "templates"
ORIGINAL = "original"
"""What our own template is called where the project has one of its name: `original/pages/article.html`."""


def furnish(env: Environment, folder: Path) -> Environment:
    """Give an environment all templates. folder: the project's, which need not be there."""
    ours = FileSystemLoader(OURS)
    loaders: list[BaseLoader] = [FileSystemLoader(folder), ours, PrefixLoader({ORIGINAL: ours})]
    env.loader = ChoiceLoader(loaders)
    env.undefined = StrictUndefined
    env.trim_blocks = env.lstrip_blocks = True
    env.filters.update(formats.FILTERS)
    return env


def check(folder: Path) -> None:
    """Raises SetupError where a template of the project's cannot be used: `path:line: what (what to do)`."""
    env = furnish(Environment(autoescape=True), folder)
    own = [name for name in below(folder) if name.endswith(".html") or fnmatch(name, "mail/*.md")]
    named = {other for name in own for other, _ in _named(env, folder, name)}
    for name in own:
        for other, line in _named(env, folder, name):
            where = f"{folder / name}:{line}"
            if other == name:
                raise SetupError(f"{where}: names itself (write {ORIGINAL}/{name} for ours).")
            try:
                env.get_template(other)
            except TemplateNotFound as error:
                raise SetupError(f"{where}: there is no template {other}{_guess(other)}.") from error
        if name not in named and not (OURS / name).exists():
            raise SetupError(f"{folder / name}: takes the place of no template of ours{_guess(name)}.")
        _check_blocks(env, folder, name)


def trouble(error: Exception, folder: Path) -> SetupError | None:
    """What a template of the project's did wrong while it was rendered; None where it was not one."""
    place, trace = "", error.__traceback__
    while trace:
        file = trace.tb_frame.f_code.co_filename
        if file.endswith(".html"):
            place = f"{file}:{trace.tb_lineno}" if Path(file).is_relative_to(folder) else ""
        trace = trace.tb_next
    return SetupError(f"{place}: {error}.") if place else None


def _tree(env: Environment, file: Path, name: str) -> nodes.Template:
    try:
        source = file.read_text("utf-8-sig")
        env.compile(source, name, str(file))
        return env.parse(source, name, str(file))
    except TemplateSyntaxError as error:
        raise SetupError(f"{file}:{error.lineno}: {error.message}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise SetupError(f"{file}: cannot be read ({error}).") from error


def _named(env: Environment, folder: Path, name: str) -> Iterator[tuple[str, int]]:
    """Templates that this one extends, includes or imports, each with its line."""
    for node in _tree(env, folder / name, name).find_all(
        (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    ):
        must_exist = not getattr(node, "ignore_missing", False)
        if must_exist and isinstance(node.template, nodes.Const):
            yield node.template.value, node.lineno


def _check_blocks(env: Environment, folder: Path, name: str) -> None:
    """A block that the extended template does not have would never be seen."""
    tree = _tree(env, folder / name, name)
    above = _blocks_above(env, tree)
    if above is None:
        return
    inner = {block.name for outer in tree.find_all(nodes.Block) for block in outer.find_all(nodes.Block)}
    for block in tree.find_all(nodes.Block):
        if block.name not in above | inner:
            near = difflib.get_close_matches(block.name, sorted(above), n=1)
            mend = f"did you mean {near[0]}?" if near else f"there are {', '.join(sorted(above))}"
            raise SetupError(f"{folder / name}:{block.lineno}: no block to replace is named {block.name} ({mend}).")


def _blocks_above(env: Environment, tree: nodes.Template) -> set[str] | None:
    """Names of the blocks of all templates that this one extends; None where it extends none."""
    extended = next(tree.find_all(nodes.Extends), None)
    if extended is None or not isinstance(extended.template, nodes.Const):
        return None
    name = extended.template.value
    source, file, _ = env.loader.get_source(env, name)
    parent = env.parse(source, name, file)
    return {block.name for block in parent.find_all(nodes.Block)} | (_blocks_above(env, parent) or set())


def _guess(name: str) -> str:
    near = difflib.get_close_matches(name.removeprefix(f"{ORIGINAL}/"), list(below(OURS)), n=1)
    return f" (did you mean {near[0]}?)" if near else ""
