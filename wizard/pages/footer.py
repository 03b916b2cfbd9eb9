"""The foot of every page, from the Markdown of the setting `footer`."""

import re
from dataclasses import dataclass

from markupsafe import Markup

from wizard.config import Config
from wizard.content import marks
from wizard.content.article import Entry
from wizard.content.findings import Finding
from wizard.content.links import Resolver
from wizard.content.markdown import to_html
from wizard.content.policy import Policy
from wizard.content.sanitise import sanitise
from wizard.content.shelf import Answers, Asker, Shelf

_LINE = re.compile(r' data-line="\d+"')


@dataclass(frozen=True, slots=True)
class Footer:
    """Its links are held against the shelf as those of an article at the root."""

    marked: str
    wizard: str
    findings: tuple[Finding, ...]
    answers: Answers

    def __call__(self, root: str) -> Markup:
        """root: the way to the site's root, ending in `/`."""
        return Markup(marks.on_site(self.marked, root, self.wizard, ""))


def read_footer(config: Config, shelf: Shelf, policy: Policy) -> Footer:
    wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
    ask = Asker(shelf)
    resolver = Resolver(Entry("wizard.toml", "/", ""), ask, policy)
    html = _LINE.sub("", sanitise(to_html(config.footer, 0, resolver))) if config.footer else ""
    found = tuple(Finding(one.path, 0, one.code, f"footer: {one.what}", one.mend) for one in resolver.findings)
    return Footer(marks.settle_off(html), wizard, found, ask.answers)
