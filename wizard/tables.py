"""Raw tables of settings become dataclasses: types checked, unknown names refused with the nearest right one."""

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from wizard.errors import SetupError

T = TypeVar("T")


def read_table(cls: type[T], raw: Mapping[str, Any], where: str) -> T:
    """Make a settings dataclass of a table: types checked, unknown names refused.

    where: how messages name the table, such as `wizard.toml: provider`.
    Raises SetupError.
    """
    problems: list[str] = []
    values = read_fields(cls, raw, where, problems)
    missing = [
        f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING and f.name not in raw
    ]
    problems += [f"{where}: {name} is missing." for name in missing]
    if problems:
        raise SetupError("\n".join(problems))
    return cls(**values)


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean X?`, or a full stop where no known name is near."""
    found = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
    return f"; did you mean {found[0]}?" if found else "."


def sub_table(cls: type[T], table: Any, where: str, problems: list[str]) -> T | None:
    if expect(table, dict, where, problems) is None:
        return None
    try:
        return read_table(cls, table, where)
    except SetupError as error:
        problems.append(str(error))
        return None


def read_fields(
    cls: type, raw: Mapping[str, Any], where: str, problems: list[str], known: set[str] | None = None
) -> dict[str, Any]:
    types = get_type_hints(cls)
    known = set(types) if known is None else known
    values = {}
    for name, value in raw.items():
        if name not in known:
            problems.append(f"{where}: {name} is not a setting{nearest(name, known)}")
            continue
        converted = _convert(value, types[name], f"{where}: {name}", problems)
        if converted is not None:
            values[name] = converted
    return values


def _convert(value: Any, wanted: Any, where: str, problems: list[str]) -> Any:
    """The value in the wanted type. The environment gives text for everything."""
    if wanted in (Path, Path | None):
        return Path(value) if expect(value, str, where, problems) is not None else None
    if wanted == tuple[str, ...]:
        return _texts(value, where, problems)
    if wanted == tuple[tuple[str, ...], ...]:
        lists = expect(value, list, where, problems) or []
        return tuple(_texts(one, f"{where}[{number}]", problems) or () for number, one in enumerate(lists, 1))
    if wanted == Mapping[str, tuple[str, ...]]:
        table = expect(value, dict, where, problems) or {}
        return {name: _texts(one, f"{where}.{name}", problems) or () for name, one in table.items()}
    if wanted is bool and isinstance(value, str) and value.lower() in ("true", "false"):
        return value.lower() == "true"
    if wanted in (int, float) and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?", value):
        value = float(value) if "." in value else int(value)
    if wanted is float and type(value) is int:
        return float(value)
    return expect(value, wanted, where, problems)


def _texts(value: Any, where: str, problems: list[str]) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return tuple(value)
    problems.append(f"{where} is {value!r} (give a list of texts).")
    return None


_NAMES = {str: "text", int: "a whole number", bool: "true or false", float: "a number", dict: "a table", list: "a list"}


def expect(value: Any, wanted: type, where: str, problems: list[str]) -> Any:
    if type(value) is wanted:
        return value
    problems.append(f"{where} is {value!r} (give {_NAMES[wanted]}).")
    return None
