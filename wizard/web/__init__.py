"""HTTP of the live wizard: who may see what, which page, which status. No rule of accounts here.

In: requests. Out: pages and redirects; POST ends in a 303, or in the panel alone where htmx asked.
May import: everything below, not `pages`.
"""
