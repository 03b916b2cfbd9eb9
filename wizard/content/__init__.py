"""Markdown files become articles; a library holds them all, cross-checked.

In: a folder of articles and a Policy (actions, claims, addresses). Out: a Library of Articles
with their HTML, steps, links and findings. Pure but for reading the files: no Flask, no clock.
May import: the ground (`errors`, `config`), nothing else of ours.
"""
