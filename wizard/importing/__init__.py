"""Another system's articles become Markdown files of ours.

In: an export file. Out: articles with front matter, and what could not be taken over, said.
May import: the ground and `content`; the folder is read by `pages` and `web` as any other.
"""
