"""Front matter in the three forms that articles have."""

import json
import re
from collections.abc import Mapping


def yaml(values: Mapping[str, object]) -> str:
    lines = ["---"]
    for key, value in values.items():
        if isinstance(value, list) and value:
            lines += [f"{key}:", *(f"  - {item}" for item in value)]
        else:
            lines.append(f"{key}: {value if isinstance(value, str) else json.dumps(value)}")
    return "\n".join([*lines, "---", ""])


def braces(values: Mapping[str, object]) -> str:
    return "{{{\n" + re.sub(r"\A{\n|\n}\Z", "", json.dumps(values, indent=2)) + "\n}}}\n"


def toml(values: Mapping[str, object]) -> str:
    return "\n".join(["+++", *(f"{key} = {json.dumps(value)}" for key, value in values.items()), "+++", ""])
