"""Articles as pages, frozen into plain files that any host can serve.

In: a folder of articles and what the last build remembers. Out: the folder `site/`. The way through:

    build     what is new? if nothing, the rest is not even loaded
    update    read what is new, press the pages that it changes, remove what is gone
    press     articles to pages: a few at once, many by Frozen-Flask (`freeze`) in several processes
    lists     the pages that are made of other articles; `machine` and `feeds` for machines; `search`
    folder    each file stands there whole or not at all; `memory` keeps how it was left

Needs no wizard, no database and no account.
May import: the ground, `content`, `theme`, and the index of `actions`; never `web`.
"""
