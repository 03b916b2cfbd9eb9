"""Images are fetched from a real server only when asked, and what goes wrong leaves the address."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.importing.helpcenter import article, imported, page
from tests.pages.building import built, snapshot
from wizard.importing import images

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 500
ANSWERS = {
    "/shot one.png": ("image/png", PNG),
    "/hc/article_attachments/77": ("image/jpeg; charset=binary", b"jpeg"),
    "/../../..%2f..%2fevil.png": ("image/png", b"evil"),
    "/page.png": ("text/html", b"<script>"),
    "/drawing.svg": ("image/svg+xml", b"<svg/>"),
    "/large.png": ("image/png", b"x" * 3000),
    "/größe.webp": ("image/webp", b"webp"),
}


class Handler(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        from urllib.parse import unquote

        self.asked.append(self.path)
        if self.path.startswith("/away"):
            self.send_response(302)
            self.send_header("Location", {"/away": "/shot%20one.png", "/away-file": "file:///etc/passwd"}[self.path])
            self.end_headers()
            return
        kind, content = ANSWERS.get(self.path) or ANSWERS.get(unquote(self.path)) or ("", b"")
        self.send_response(200 if kind else 404)
        self.send_header("Content-Type", kind or "image/png")
        self.send_header("Content-Length", str(len(content) + (9 if self.path == "/short.png" else 0)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    Handler.asked.clear()
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        thread = threading.Thread(target=running.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


def with_image(folder: Path, address: str, fetch: bool = True) -> tuple[str, str, dict[str, bytes]]:
    """Import an article with one image; its text, what was said, and the files beside it."""
    one = article(1, "One", f'<p><img src="{address}" alt="A shot"></p>')
    done, said = imported(folder, page(one), fetch)
    assert done  # an image that is missing is no error
    where = folder / "articles/Billing/Invoices & payments"
    files = snapshot(folder / "articles")
    text = (where / "one.md").read_text()
    return text, said, {Path(path).name: content for path, content in files.items() if not path.endswith(".md")}


def test_without_being_asked_nothing_is_fetched(tmp_path: Path, server: str) -> None:
    before = len(Handler.asked)
    text, said, files = with_image(tmp_path, f"{server}/shot%20one.png", fetch=False)
    assert f"![A shot]({server}/shot%20one.png)" in text and not files and "fetched" not in said
    assert len(Handler.asked) == before


@pytest.mark.parametrize(
    ("path", "stem", "ending", "content"),
    [
        ("/shot%20one.png?x=1", "shot-one", "png", PNG),
        ("/hc/article_attachments/77", "77", "jpg", b"jpeg"),
        ("/../../..%2f..%2fevil.png", "evil", "png", b"evil"),
        ("/größe.webp", "größe", "webp", b"webp"),
        ("/away", "away", "png", PNG),
    ],
)
def test_an_image_is_saved_beside_its_article(
    tmp_path: Path, server: str, path: str, stem: str, ending: str, content: bytes
) -> None:
    ANSWERS["/shot one.png?x=1"] = ("image/png", PNG)
    text, said, files = with_image(tmp_path, server + path)
    ((name, saved),) = files.items()
    assert name.startswith(f"{stem}-") and name.endswith(f".{ending}") and saved == content
    assert "1 image fetched, 0 not" in said
    built(tmp_path / "articles", tmp_path / "out")
    assert (tmp_path / "out/billing/invoices-payments" / name).read_bytes() == content
    assert {path.name for path in tmp_path.iterdir()} == {".wizard", "articles", "export.json", "out"}


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/page.png", "is text/html, not one of image/png"),
        ("/drawing.svg", "is image/svg+xml, not one of"),
        ("/large.png", "has more than"),
        ("/gone.png", "cannot be fetched (Not Found)"),
        ("/short.png", "ended too early"),
        ("/away-file", "cannot be fetched"),
    ],
)
def test_what_goes_wrong_is_said_and_the_address_stays(
    tmp_path: Path, server: str, path: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(images, "LARGEST", 2000)
    ANSWERS["/short.png"] = ("image/png", b"half")
    text, said, files = with_image(tmp_path, server + path)
    assert f"articles[1] (id 1): the image {server}{path} {why}" in said and "its address stays" in said
    assert f"![A shot]({server}{path})" in text and not files and "0 images fetched, 1 not" in said


@pytest.mark.parametrize(
    "address", ["ftp://127.0.0.1/x.png", "data:image/png;base64,AAAA", "http://127.0.0.1:1/x.png", "http://[x/y.png"]
)
def test_other_addresses_are_not_asked(tmp_path: Path, address: str) -> None:
    assert not with_image(tmp_path, address)[2]


def test_a_file_is_never_asked_for(tmp_path: Path) -> None:
    (tmp_path / "secret.png").write_bytes(PNG)
    with pytest.raises(images.NotFetched, match="neither http: nor https:"):
        images.fetch(f"file://{tmp_path}/secret.png", tmp_path / "articles", "a.md")
    assert not (tmp_path / "articles").exists()


def test_an_image_that_is_there_is_not_fetched_again(tmp_path: Path, server: str) -> None:
    with_image(tmp_path, f"{server}/hc/article_attachments/77")
    before = len(Handler.asked)
    _, said, files = with_image(tmp_path, f"{server}/hc/article_attachments/77")
    assert len(Handler.asked) == before and len(files) == 1
    assert said == "0 articles written, 1 unchanged, 0 drafts left out, 0 images fetched, 0 not, 0 errors\n"


def test_a_server_that_does_not_answer_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(images, "TIMEOUT", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        text, said, _ = with_image(tmp_path, f"http://127.0.0.1:{silent.getsockname()[1]}/x.png")
    assert "cannot be fetched (timed out)" in said
