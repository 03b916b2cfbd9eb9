"""The foot of every page, from the Markdown of the setting `footer`."""

import re
from collections.abc import Callable

from markupsafe import Markup

from wizard.actions.index import policy
from wizard.config import Config
from wizard.content import marks
from wizard.content.findings import Finding
from wizard.content.library import Library
from wizard.content.links import Places, Resolver
from wizard.content.markdown import to_html
from wizard.content.sanitise import sanitise

_LINE = re.compile(r' data-line="\d+"')


def footer(config: Config, library: Library) -> Callable[[str], Markup]:
    """From the way to the site's root, ending in `/`, to the foot as HTML."""
    wizard = config.wizard_url and config.wizard_url.rstrip("/") + "/"
    marked = _read(config, library)[0]
    return lambda root: Markup(marks.on_site(marked, root, wizard, ""))


def footer_findings(config: Config, library: Library) -> list[Finding]:
    """Its links are held against the library as those of an article at the root."""
    return _read(config, library)[1]


def _read(config: Config, library: Library) -> tuple[str, list[Finding]]:
    if not config.footer:
        return "", []
    articles = library.articles.values()
    places = Places.of(
        {article.path: article.address for article in articles},
        {article.title.casefold(): article.address for article in articles},
        set(library.files),
        set(library.categories),
    )
    resolver = Resolver("wizard.toml", "/", "", places, policy(config))
    html = _LINE.sub("", sanitise(to_html(config.footer, 0, resolver)))
    return marks.settle_off(html), [
        Finding(one.path, 0, one.code, f"footer: {one.what}", one.mend) for one in resolver.findings
    ]
