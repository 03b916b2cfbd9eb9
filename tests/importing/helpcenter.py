"""A help center as its API answers, written for these tests, and its import."""

import io
import json
from pathlib import Path
from typing import Any

from wizard.importing.zendesk import run

HOST = "https://help.quillmark.example"
SECTIONS = [
    {"id": 71, "name": "Invoices & payments", "category_id": 7, "parent_section_id": None, "locale": "en-us"},
    {"id": 72, "name": "Refunds", "category_id": 7, "parent_section_id": 71, "locale": "en-us"},
    {"id": 81, "name": "Getting started", "category_id": 8, "parent_section_id": None, "locale": "en-us"},
]
CATEGORIES = [{"id": 7, "name": "Billing", "locale": "en-us"}, {"id": 8, "name": "Account", "locale": "en-us"}]
USERS = [{"id": 5, "name": "Mira Okonjo"}]

LONG = f"""
<h2 id="h_01HQ2">Before you begin</h2>
<p><strong>Note:</strong>you need the <em>owner</em>'s role.&nbsp;It is not the one called &ldquo;admin&rdquo; &mdash; see
<a href="{HOST}/hc/en-us/articles/1002-Who-may-pay#roles">who may pay</a>, <a href="/hc/en-us/articles/1003">refunds</a>
and <a href="#h_01HQ3">below</a>. 5 &lt; 6 &amp; 7 &gt; 6 🎉 a_file_name *not emphasis* [not a link]</p>
<div class="callout callout-info"><p class="callout__title">Good to know</p><p>Paid invoices stay for <b>ten</b> years.</p></div>
<h2 id="h_01HQ3">Steps</h2>
<ol>
  <li>Open <strong>Billing </strong>and choose an invoice.<ul><li>Open ones stand first.<ul><li>Oldest of all</li></ul></li></ul></li>
  <li><p>Press <kbd>Download</kbd>.</p><p><img src="/hc/article_attachments/9001/shot%20one.png" alt="The button [Download]" width="640" height="360"></p></li>
  <li>Check the sum:<pre><code class="language-sql">select sum(amount)

from lines;  -- ``` and | stay
</code></pre></li>
</ol>
<table><thead><tr><th>State</th><th>Meaning</th></tr></thead>
<tbody><tr><td>open</td><td>to be paid<br>within 14 days</td></tr><tr><td>a | b</td><td><code>x|y</code></td></tr></tbody></table>
<table border="1" style="width:100%"><tbody><tr><td rowspan="2">Both</td><td><ul><li>one</li><li>two</li></ul></td></tr>
<tr><td><pre>kept

apart</pre></td></tr></tbody></table>
<p><iframe src="//www.youtube.com/embed/abc" width="560" height="315" allowfullscreen></iframe></p>
<p><a name="old-place"></a>H<sub>2</sub>O, 10<sup>3</sup>, and a line<br>broken in two.</p>
<dl><dt>Arrears</dt><dd>Paid after use.</dd></dl>
<details><summary>More</summary><p>What is folded away.</p></details>
<p>1. Not a list, and # not a heading</p>
<script>alert("gone")</script><style>p {{ color: red }}</style>
"""
"""A body with everything that help centers hold."""


def article(number: int, title: str, body: str | None = "<p>Words.</p>", **fields: Any) -> dict[str, Any]:
    slug = "-".join("".join(c if c.isalnum() else " " for c in title).split())
    return {
        "id": number,
        "url": f"{HOST}/api/v2/help_center/en-us/articles/{number}.json",
        "html_url": f"{HOST}/hc/en-us/articles/{number}-{slug}",
        "author_id": 5,
        "comments_disabled": False,
        "draft": False,
        "promoted": False,
        "position": 0,
        "vote_sum": 0,
        "vote_count": 0,
        "section_id": 71,
        "created_at": "2021-03-02T08:00:00Z",
        "updated_at": "2024-06-02T08:15:00Z",
        "edited_at": "2024-05-30T10:00:00Z",
        "name": title,
        "title": title,
        "source_locale": "en-us",
        "locale": "en-us",
        "outdated": False,
        "outdated_locales": [],
        "user_segment_id": None,
        "permission_group_id": 12,
        "content_tag_ids": [],
        "label_names": [],
        "body": body,
    } | fields


def page(*articles: Any, **more: Any) -> dict[str, Any]:
    """One answer of the API, with what can come beside the articles."""
    return {
        "count": len(articles),
        "next_page": None,
        "page": 1,
        "articles": list(articles),
        "sections": SECTIONS,
        "categories": CATEGORIES,
        "users": USERS,
    } | more


def imported(folder: Path, export: Any, fetch_images: bool = False) -> tuple[bool, str]:
    """Import into folder/articles; returns whether all could be done, and what was printed."""
    source = folder / "export.json"
    folder.mkdir(parents=True, exist_ok=True)
    source.write_text(export if isinstance(export, str) else json.dumps(export))
    stream = io.StringIO()
    return run(source, folder / "articles", fetch_images, stream), stream.getvalue()
