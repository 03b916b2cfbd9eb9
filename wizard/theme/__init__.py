"""How everything looks: templates, components, styles, static files, and the formats of sums and dates.

`templates/components/` holds one component a file, its parameters documented in it; `templates/mail/`
one mail a file, in Markdown. Used by `web`, `pages`, `actions` and `work`. A project's own folder may
replace single templates and files, and add styles.
May import: the ground, `account` and `content`.
"""

from wizard.theme.setup import POLICY, SEARCH_POLICY, Assets, Theme, dress, load_theme, policy

__all__ = ["POLICY", "SEARCH_POLICY", "Assets", "Theme", "dress", "load_theme", "policy"]
