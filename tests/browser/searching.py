"""A site to search in, served as a static host serves it: text compressed, below a path."""

import gzip
import mimetypes
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.pages.building import built, write

SYNONYMS = (
    ("cancel", "close", "terminate"),
    ("remove", "delete"),
    ("card", "payment method"),
    ("mailbox", "e-mail account"),
)

_MORE = "Read this before you begin. The change is done at once and stands on your next invoice.\n"
ARTICLES = {
    "accounts/closing-your-account.md": (
        "Closing your account",
        "terminate, leave",
        "Your account ends with all services on it.\n\n## Before you close\n\nRetrieve your data.\n\n## Steps\n\n"
        "1. Delete your servers.\n2. Request the closure of the account.\n",
    ),
    "accounts/adding-users.md": (
        "Adding users to an account",
        "invite, login",
        "A user signs in with an e-mail address.",
    ),
    "accounts/roles.md": ("Roles and permissions", "administrator", "What each user of the account may do."),
    "accounts/passwords.md": ("Changing your password", "sign in, forgot", "A link to set a new one is sent to you."),
    "billing/cancelling-services.md": (
        "Cancelling services",
        "subscription",
        "A subscription ends with its billing period. Services that you cancel are billed until then.",
    ),
    "billing/updating-card-details.md": (
        "Updating card details",
        "credit card, expired",
        "A new card is used from the next invoice on. The account stays open.",
    ),
    "billing/invoices.md": ("Reading an invoice", "bill, charges", "Each line names a service, its units & its price."),
    "billing/final-invoice.md": ("Your final invoice", "last bill", "It comes after your account was closed."),
    "billing/usage.md": ("Exporting usage", "csv", "Usage per month and service, as a table with `<month>` columns."),
    "servers/deleting-a-server.md": (
        "Deleting a server",
        "",
        "A server that was deleted cannot be brought back. Its disks are deleted with it.",
    ),
    "servers/ordering-a-server.md": ("Ordering a server", "create, new", "Choose a size and a data center."),
    "servers/resizing-a-server.md": ("Resizing a server", "cpu, memory", "More memory for a server, or less."),
    "mail/deleting-a-mailbox.md": ("Deleting a mailbox", "", "Its messages are kept for thirty days."),
    "mail/adding-a-mailbox.md": ("Adding a mailbox", "order", "A mailbox has an address of your domain."),
    "mail/spam.md": ("Less spam", "junk, filter", "Messages are sorted into a folder of the mailbox."),
    "welcome.md": ("Welcome", "", "Where to begin: open your account, order a server, add a mailbox."),
} | {f"more/note-{n}.md": (f"Maintenance note {n}", "", "Work on the network by night.") for n in range(1, 13)}


def build_site(folder: Path, **settings: object) -> Path:
    """The site lies in `kb` below the folder that is returned, with its index."""
    texts = {
        path: f"---\ntitle: {title}\nkeywords: {keywords}\ndate: 2026-11-0{len(title) % 9 + 1}\n---\n{body}\n\n{_MORE}"
        for path, (title, keywords, body) in ARTICLES.items()
    }
    settings = {"site_name": "Northpier Help", "synonyms": SYNONYMS, "contact": "https://ask.example/"} | settings
    built(write(folder / "articles", texts), folder / "host/kb", search=True, **settings)
    return folder / "host"


class Host:
    """A plain file server that counts the bytes of the files it sends."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sent: list[tuple[str, int]] = []
        self.missing: set[str] = set()
        """Parts of paths that are not answered."""
        self.address = ""

    def answer(self, path: str) -> tuple[bytes, str] | None:
        file = self.folder / path.partition("?")[0].lstrip("/")
        file = file / "index.html" if file.is_dir() else file
        if not file.is_file() or any(part in path for part in self.missing):
            return None
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return file.read_bytes(), kind


@contextmanager
def hosted(folder: Path) -> Iterator[Host]:
    host = Host(folder)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            found = host.answer(self.path)
            self.send_response(200 if found else 404)
            content, kind = found or (b"", "text/plain")
            if kind.startswith("text/") or kind.endswith(("javascript", "json")):
                content = gzip.compress(content, mtime=0)
                self.send_header("Content-Encoding", "gzip")
            host.sent.append((self.path, len(content)))
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host.address = f"http://127.0.0.1:{server.server_port}/kb/"
    try:
        yield host
    finally:
        server.shutdown()
        server.server_close()
