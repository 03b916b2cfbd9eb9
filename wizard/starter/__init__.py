"""A start: `wizard init` writes a project of one's own, `wizard new` an article.

In: the files of `project/` and `article.md`. Out: files of the author's, never over one that is there.
May import: the ground and `content`.
"""
