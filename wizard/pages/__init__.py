"""Articles as pages, frozen into plain files that any host can serve.

In: a Library. Out: the folder `site/`. Needs no wizard, no database and no account.
May import: the ground, `content`, `theme`, and the index of `actions`; never `web`.
"""
