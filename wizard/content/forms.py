"""The forms of front matter: YAML between `---`, JSON between `{{{` and `}}}`, TOML between `+++`."""

import json
import re
import tomllib
from collections import Counter
from functools import cache
from itertools import islice
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler, YAMLHandler

Repeated = list[tuple[str, int]]
"""Keys that are given twice, and their lines in the front matter, from 1."""
_SIGN = re.compile("[:=]")
_SIGNS = 3
"""A key that has more of them in it is not looked for."""
_SHORT = 4000
"""Characters; in more, lists may be nested deeper than the C half can bear."""


class BracesHandler(BaseHandler):
    """JSON between `{{{` and `}}}`, the form of the old cloud knowledge bases."""

    FM_BOUNDARY = re.compile(r"\A\s*\{\{\{|\}\}\}[ \t]*$", re.MULTILINE)
    START_DELIMITER, END_DELIMITER = "{{{", "}}}"

    def load(self, fm: str, repeated: Repeated) -> Any:
        lines = cache(lambda: key_lines(fm))

        def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
            if len(made := dict(pairs)) < len(pairs):
                counted = Counter(key for key, _ in pairs)
                repeated.extend((key, lines().get(key, [1])[-1]) for key, times in counted.items() if times > 1)
            return made

        return json.loads("{" + fm + "}", strict=False, object_pairs_hook=collect)


class PlusHandler(BaseHandler):
    """TOML between `+++`, by the standard library."""

    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)
    START_DELIMITER = END_DELIMITER = "+++"

    def load(self, fm: str, repeated: Repeated) -> Any:
        return tomllib.loads(fm)  # which takes no key twice


class _Reading:
    """Dates stay as they are written, so that a wrong one is a finding of its own; keys that stand
    there twice are remembered."""

    yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: yaml.Node, deep: bool = False) -> dict[Any, Any]:
        seen = set()
        for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
            if str(key.value) in seen:
                self.repeated.append((str(key.value), key.start_mark.line + 1))
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


class _Loader(_Reading, yaml.SafeLoader):
    """Takes no aliases, with which a few lines can hold more than a machine."""

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            raise yaml.composer.ComposerError(None, None, "aliases are not taken", self.peek_event().start_mark)
        return super().compose_node(parent, index)


class _FastLoader(_Reading, getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """Five times as fast where PyYAML has its C half; for what is short and has no anchors."""


class DashesHandler(YAMLHandler):
    """YAML between `---`."""

    def load(self, fm: str, repeated: Repeated) -> Any:
        if len(fm) < _SHORT and "&" not in fm:
            try:
                return self._load(fm, _FastLoader, repeated)
            except UNREADABLE:  # the other says it better
                repeated.clear()
        return self._load(fm, _Loader, repeated)

    def _load(self, fm: str, kind: type, repeated: Repeated) -> Any:
        loader = kind(fm)
        loader.repeated = repeated
        try:
            return loader.get_single_data()
        finally:
            loader.dispose()


HANDLERS = (DashesHandler(), BracesHandler(), PlusHandler())
UNREADABLE = (ValueError, yaml.YAMLError, RecursionError, LookupError, AttributeError, TypeError)
"""What the three readers raise, by text that they were not made for."""


def key_lines(head: str) -> dict[str, list[int]]:
    """Each key of the front matter, and whatever else stands before a colon -> its lines, from 1."""
    found: dict[str, list[int]] = {}
    for number, line in enumerate(head.split("\n"), 1):
        for sign in islice(_SIGN.finditer(line), _SIGNS):
            found.setdefault(line[: sign.start()].strip(" \t").strip("'\""), []).append(number)
    return found


def error_line(error: Exception) -> int:
    """Lines into the front matter at which reading failed."""
    if isinstance(error, json.JSONDecodeError):
        return error.lineno - 1
    if isinstance(error, tomllib.TOMLDecodeError):
        found = re.search(r"at line (\d+)", str(error))
        return int(found[1]) - 1 if found else 0
    mark = getattr(error, "problem_mark", None)
    return mark.line if mark else 0


def reason_of(error: Exception) -> str:
    reason = getattr(error, "problem", None) or getattr(error, "msg", None) or str(error)
    return " ".join(str(reason).split())
