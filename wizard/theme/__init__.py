"""How everything looks: templates, components, styles, static files, and the formats of sums and dates.

`templates/components/` holds one component a file, its parameters documented in it. Used by `web`,
`pages` and `actions`. May import: the ground and `account`.
"""

from wizard.theme.setup import POLICY, STATIC, Assets, dress, environment

__all__ = ["POLICY", "STATIC", "Assets", "dress", "environment"]
