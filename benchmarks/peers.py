"""Other generators, where they are installed: the same bodies, a bare layout, no pictures and no lists."""

import json
import re
import shutil
import subprocess
from pathlib import Path

from contenders import article_files, body
from measure import Contender

_PAGE = '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head><body>{content}</body></html>\n'
_HUGO = """
baseURL = "/"
title = "Articles"
disableKinds = ["taxonomy", "term", "rss", "sitemap", "404"]
[markup.goldmark.renderer]
unsafe = true
"""
_ELEVENTY = """
export default function (config) {
  config.addGlobalData("layout", "page.liquid");
  return { dir: { input: "content", includes: "../layouts" }, markdownTemplateEngine: false };
}
"""


def peers(folder: Path, work: Path) -> list[Contender]:
    return [*_hugo(folder, work), *_eleventy(folder, work)]


def _hugo(folder: Path, work: Path) -> list[Contender]:
    program = shutil.which("hugo")
    if not program:
        return []
    page = _PAGE.format(title="{{ .Title }}", content="{{ .Content }}")
    files = {"hugo.toml": _HUGO, "layouts/_default/single.html": page, "layouts/_default/list.html": page}
    site = _site(work / "hugo", folder, files)
    return [
        Contender(
            f"Hugo {_version(program, 'version')}",
            lambda out: [[program, "--quiet", "--destination", str(out)]],
            site,
            is_optional=True,
        )
    ]


def _eleventy(folder: Path, work: Path) -> list[Contender]:
    program, pagefind = shutil.which("eleventy"), shutil.which("pagefind")
    if not program:
        return []
    page = _PAGE.format(title="{{ title }}", content="{{ content }}")
    site = _site(work / "eleventy", folder, {"eleventy.config.mjs": _ELEVENTY, "layouts/page.liquid": page})
    name = f"Eleventy {_version(program, '--version')}"

    def build(out: Path) -> list[str]:
        return [program, "--quiet", f"--output={out}"]

    rows = [Contender(name, lambda out: [build(out)], site, is_optional=True)]
    if pagefind:
        both = f"{name} and Pagefind {_version(pagefind, '--version')}"
        rows.append(Contender(both, lambda out: [build(out), [pagefind, "--site", str(out)]], site, is_optional=True))
    return rows


def _site(where: Path, folder: Path, files: dict[str, str]) -> Path:
    for file in article_files(folder):
        files[f"content/{file.relative_to(folder)}"] = f"---\ntitle: {json.dumps(file.stem)}\n---\n{body(file)}"
    for path, text in files.items():
        (where / path).parent.mkdir(parents=True, exist_ok=True)
        (where / path).write_text(text)
    return where


def _version(program: str, option: str) -> str:
    said = subprocess.run([program, option], capture_output=True, text=True).stdout
    found = re.search(r"\d+\.\d+\.\d+", said)
    return found[0] if found else ""
