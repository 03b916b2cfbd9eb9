"""Actions that an author likely meant for a step, and that stand in none."""

import re

from wizard.content.marks import ACTION, ACTION_LINK, OFF
from wizard.content.outline import Outline

_HOLDER = re.compile(r"<(/?)(?:li|h[2-6])\b")


def stray_actions(shape: Outline) -> list[str]:
    """Where no step has an action: those that are linked in a list's item or in a heading.

    A link in plain words is meant as it stands: it leads to the wizard's page.
    """
    pieces = [piece for piece in (shape.intro, shape.outro) if ACTION in piece or OFF in piece]
    if not pieces or any(ACTION_LINK.search(item.html) for item in shape.items):
        return []
    found: dict[str, None] = {}
    for piece in pieces:
        depth = position = 0
        for link in ACTION_LINK.finditer(piece):
            depth += sum(-1 if tag[1] else 1 for tag in _HOLDER.finditer(piece, position, link.start()))
            position = link.start()
            if depth > 0:
                found[link[1]] = None
    return list(found)
