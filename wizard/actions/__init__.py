"""Actions: what a step shows, asks, checks and does. One file each; `index.py` is the ordered table.

In: a Context (account, login, role, provider, records) and what the customer entered. Out: a Fact
(status and one sentence, checked now), a Panel (template and values), or an Outcome. No HTTP here.
May import: the ground, `account`, `content`, `providers`, `records`, `work`, `theme`.
"""
