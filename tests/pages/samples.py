"""A small library with something of everything, and one as large as is asked for."""

import zlib
from pathlib import Path

from tests.pages.building import write

EVERYTHING = {
    "billing/closing.md": """---
title: Closing a contract
date: 2026-11-16
author: Northpier Accounts
owner: Billing team
review_by: 2027-11-15
keywords: [Close account, final invoice, only here]
attachments: [{file_name: Closure form, url: form.pdf}]
sticky: true
next: [invoices/final.md]
---

What you need before a contract can end. The rest of this page says it in order.

## Before you begin

You need the role of an administrator, and [somewhere to put your data](../data/copying.md).

> A quotation of the terms.

### Terms

`terms.txt` says more.

## Steps

1. **Look at your [usage history](action:usage-history).** Note every service.

   ![The usage page, with its months](../pictures/usage.png)
2. Copy your data.
   - Open a few of the files.
   - Then go on.
3. Ask for closure.

## When charges end

| You choose | Charges end |
|---|---:|
| At once | today |
| Later | on the last day of a month with a very long sentence in its cell |

    one long line of code that does not fit into the column of an article on any telephone at all

## What cannot be undone

Nothing comes back.

## What Is Next?

- [Copying data](../data/copying.md)
""",
    "billing/adding.md": "---\ntitle: Adding a service\ndate: 2026-11-02\nkeywords: close account\n---\nAn order adds one.\n",
    "billing/zones.md": """---
title: Zones of prices
---
There are two.

| Zone | From | Days | Working | Price |
|---|---|---:|---|---:|
| North | 21 November 2026 | 10 | 2 x 10.00 x 10 / 30 | 6.67 |
""",
    "billing/invoices/final.md": "---\ntitle: Your final invoice\nkeywords: [Final Invoice]\n---\nIt comes after the month.\n",
    "data/copying.md": "---\ntitle: Élan and copying data\ndate: 2026-10-01\n---\nCopy it first.\n",
    "data/many/a.md": "---\ntitle: 7 ways to copy\n---\n[One](../copying.md)\n",
    "data/many/b.md": "---\ntitle: Привет\n---\nHello.\n",
}


def everything(folder: Path) -> Path:
    """Seven articles in nested categories, with an image and an attachment."""
    write(folder, EVERYTHING | {"billing/form.pdf": "pdf"})
    (folder / "pictures").mkdir()
    (folder / "pictures/usage.png").write_bytes(png(800, 300))
    return folder


def many(folder: Path, number: int, categories: int) -> Path:
    """`number` articles in so many categories; 0 puts them all into the root."""
    first = "Adding Backing Copying Deleting Exporting Finding Getting Hosting Importing Joining".split()
    for one in range(number):
        place = f"category-{one % categories}/" if categories else ""
        title = f"{first[one % 10]} number {one}"
        write(folder, {f"{place}a{one}.md": f"---\ntitle: {title}\n---\nWhat {title.lower()} is good for.\n"})
    return folder


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + height.to_bytes(4) + bytes([8, 0, 0, 0, 0])
    rows = (b"\0" + b"\xb4" * width) * height
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
