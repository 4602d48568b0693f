"""Digests: of the base image as it is pinned, of an image that was pushed as its manifest names it."""

from __future__ import annotations

import json
from pathlib import Path

from outcome import Outcome
from sbom import digest


def base(folder: Path) -> Outcome:
    """The base image that was built is the one that is pinned."""
    archive, pinned = folder / "target/base.tar", (folder / "base.digest").read_text(encoding="utf-8").strip()
    if not archive.exists():
        return Outcome("digest", "base image", "not built here: containers/base/build builds it", checked=False)
    found = f"sha256:{digest(archive)}"
    wrong = (
        () if found == pinned else (f"Cannot trust {archive}: base.digest says {pinned}. Run containers/base/build",)
    )
    return Outcome("digest", "base image", found, wrong)


def manifest(project: str, target: Path) -> Outcome:
    """The manifest beside an image that was pushed names it by its digest."""
    file, built = target / "jobs.json", target / "jib-image.json"
    named = json.loads(file.read_text(encoding="utf-8")).get("image", "")
    pushed = json.loads(built.read_text(encoding="utf-8")) if built.exists() else {}
    # A build without -Pimage writes the manifest anew and leaves the file of an earlier image.
    later = not named and built.exists() and built.stat().st_mtime < file.stat().st_mtime
    if not pushed.get("imagePushed") or later:
        if named:
            wrong = f"Cannot trust the image {named} of {file}: none was pushed. Build with -Pimage"
            return Outcome("digest", f"{project}: jobs.json", named, (wrong,))
        return Outcome("digest", f"{project}: jobs.json", "no image pushed by this build", checked=False)
    repository, tag = pushed["image"].rsplit(":", 1)
    wanted = f"{pushed['image'] if '/' in tag else repository}@{pushed['imageDigest']}"
    wrong = f"Cannot deploy by {file}: it names {named or 'no image'}, pushed was {wanted}. Build with -Pimage"
    return Outcome("digest", f"{project}: jobs.json", named or "names no image", () if named == wanted else (wrong,))
