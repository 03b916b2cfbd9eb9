"""Links inside article HTML are marked when it is read and filled in when it is shown.

The same HTML stands on a static page, whose links are relative, and in the guide, whose are not.

    kb-root:<address>              a place in the site
    kb-step:<identity>/#<action>   an action's place in the guide
    kb-action:<action>             an action outside the steps
    kb-off:<action>:<url or none>  an action that the wizard cannot do here; gone once the article is read
"""

import re

ROOT, STEP, ACTION, OFF = "kb-root:", "kb-step:", "kb-action:", "kb-off:"
SCHEMES = {mark.rstrip(":") for mark in (ROOT, STEP, ACTION, OFF)}

ACTION_LINK = re.compile(rf'<a\b[^>]*?\bhref="(?:{ACTION}|{OFF})([a-z0-9-]+)[^"]*"[^>]*>.*?</a>', re.DOTALL)
_STEP_LINK = re.compile(rf'"{STEP}[^"/]*/#')
_OFF_TEXT = re.compile(rf'<a\b[^>]*?\bhref="{OFF}[a-z0-9-]+:"[^>]*>(.*?)</a>', re.DOTALL)
_OFF_LINK = re.compile(rf'"{OFF}[a-z0-9-]+:')


def settle_off(html: str) -> str:
    """Links of actions that are not live become their portal's links, or text."""
    return _OFF_LINK.sub('"', _OFF_TEXT.sub(r"\1", html)) if OFF in html else html


def to_step(html: str, actions: tuple[str, ...], identity: str) -> str:
    """Links of these actions lead to the step that offers them."""
    for action in actions:
        html = html.replace(f'"{ACTION}{action}"', f'"{STEP}{identity}/#{action}"')
    return html


def on_site(html: str, root: str, wizard: str, slug: str) -> str:
    """HTML for the static page. root: the way to the site's root, ending in `/` (or empty);
    wizard: the way to the wizard, ending in `/`."""
    return (
        html.replace(f'"{ROOT}', f'"{root}')
        .replace(f'"{STEP}', f'"{wizard}guide/{slug}/')
        .replace(f'"{ACTION}', f'"{wizard}account/?action=')
    )


def in_guide(html: str, site: str) -> str:
    """HTML for a step's page in the wizard, where the step's actions stand below it.
    site: the address of the site, ending in `/`."""
    html = _STEP_LINK.sub('"#', html)
    return html.replace(f'"{ROOT}', f'"{site}').replace(f'"{ACTION}', '"/account/?action=')
