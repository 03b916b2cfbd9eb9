"""Actions that an author likely meant for a step, and that stand in none."""

import re

from wizard.content.marks import action_links
from wizard.content.outline import Outline

_HOLDER = re.compile(r"<(/?)(?:li|h[2-6])\b")


def stray_actions(shape: Outline) -> list[str]:
    """Where no step has an action: those that are linked in a list's item or in a heading.

    A link in plain words is meant as it stands: it leads to the wizard's page.
    """
    pieces = [(piece, links) for piece in (shape.intro, shape.outro) if (links := action_links(piece))]
    if not pieces or any(action_links(item.html) for item in shape.items):
        return []
    found: dict[str, None] = {}
    for piece, links in pieces:
        depth = position = 0
        for link in links:
            depth += sum(-1 if tag[1] else 1 for tag in _HOLDER.finditer(piece, position, link.start()))
            position = link.start()
            if depth > 0:
                found[link[1]] = None
    return list(found)
