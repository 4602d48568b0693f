#!/usr/bin/env python3
"""Packs layers as an image archive (the format of `docker save`): no container engine, same bytes every time.

As a command, a folder becomes a one-layer image; `ctr images import OUT`, Jib's `tar://` and skopeo read it.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import tarfile
from pathlib import Path

PATH = "PATH=/usr/local/bin:/usr/bin:/bin"


class Layer:
    """The files of one layer. Whatever their source, they come out sorted, without dates and owned by root."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[tarfile.TarInfo, bytes]] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def paths(self) -> list[str]:
        return sorted(self._entries)

    def folder(self, path: str, mode: int = 0o755, owner: int = 0) -> None:
        self._put(path, tarfile.DIRTYPE, mode, owner=owner)

    def link(self, path: str, target: str) -> None:
        self._put(path, tarfile.SYMTYPE, 0o777, target=target)

    def file(self, path: str, content: bytes, mode: int = 0o644) -> None:
        self._put(path, tarfile.REGTYPE, mode, content)

    def tree(self, root: Path, under: str = "") -> None:
        """A folder's content. Of the modes only `executable` counts: the rest depends on who made the folder."""
        for path in sorted(root.rglob("*")):
            name = f"{under}/{path.relative_to(root)}".lstrip("/")
            if path.is_symlink():
                self.link(name, str(path.readlink()))
            elif path.is_dir():
                self.folder(name)
            else:
                self.file(name, path.read_bytes(), 0o755 if path.stat().st_mode & 0o100 else 0o644)

    def _put(
        self, path: str, kind: bytes, mode: int, content: bytes = b"", *, target: str = "", owner: int = 0
    ) -> None:
        for parent in [str(p) for p in Path(path).parents if str(p) != "."]:
            if parent not in self._entries:
                self.folder(parent)
        entry = tarfile.TarInfo(path)
        entry.type, entry.mode, entry.linkname, entry.size = kind, mode, target, len(content)
        entry.uid = entry.gid = owner
        self._entries[path] = (entry, content)

    def packed(self) -> bytes:
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            for path in self.paths():
                entry, content = self._entries[path]
                tar.addfile(entry, io.BytesIO(content))
        return out.getvalue()


def write(
    out: Path,
    name: str,
    layers: list[bytes],
    *,
    architecture: str = "amd64",
    entrypoint: list[str] | None = None,
    env: list[str] | None = None,
    user: str = "65532:65532",
    workdir: str = "/",
    labels: dict[str, str] | None = None,
) -> str:
    """Writes the archive and returns the image's id. The user is a number, so that runAsNonRoot can be checked."""
    digests = [hashlib.sha256(layer).hexdigest() for layer in layers]
    config = json.dumps(
        {
            "architecture": architecture,
            "os": "linux",
            "created": "1970-01-01T00:00:00Z",
            "config": {
                **({"Entrypoint": entrypoint} if entrypoint else {}),
                **({"Labels": labels} if labels else {}),
                "Env": env or [PATH],
                "User": user,
                "WorkingDir": workdir,
            },
            "rootfs": {"type": "layers", "diff_ids": [f"sha256:{digest}" for digest in digests]},
        }
    ).encode()
    identity = hashlib.sha256(config).hexdigest()
    files = [(f"{digest}.tar", layer) for digest, layer in zip(digests, layers, strict=True)]
    manifest = [{"Config": f"{identity}.json", "RepoTags": [name], "Layers": [path for path, _ in files]}]
    part = out.with_name(out.name + ".part")
    with tarfile.open(part, "w", format=tarfile.PAX_FORMAT) as archive:
        for path, content in [*files, (f"{identity}.json", config), ("manifest.json", json.dumps(manifest).encode())]:
            entry = tarfile.TarInfo(path)
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    part.replace(out)  # never a half-written archive under its final name
    return f"sha256:{identity}"


def cache() -> Path:
    """The folder of every download and built tool, as ci/lib.sh has it."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("SLUICE_CACHE") or home / "sluice")


def unpack(image: Path, root: Path) -> None:
    """Lays out an archive's files, layer by layer."""
    with tarfile.open(image) as archive:
        manifest = archive.extractfile("manifest.json")
        assert manifest
        for name in json.load(manifest)[0]["Layers"]:
            with tarfile.open(fileobj=archive.extractfile(name)) as layer:
                layer.extractall(root, filter="tar")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path, help="archive to write")
    parser.add_argument("name", help="NAME:TAG of the image")
    parser.add_argument("root", type=Path, help="folder that becomes the image's /")
    parser.add_argument("--architecture", default="amd64", help="as Go and Debian call it (default: amd64)")
    parser.add_argument("--entrypoint", nargs="+", metavar="ARG")
    parser.add_argument("--env", action="append", metavar="KEY=VALUE")
    parser.add_argument("--user", default="65532:65532")
    parser.add_argument("--workdir", default="/")
    options = parser.parse_args()
    layer = Layer()
    layer.tree(options.root)
    write(
        options.out,
        options.name,
        [layer.packed()],
        architecture=options.architecture,
        entrypoint=options.entrypoint,
        env=options.env,
        user=options.user,
        workdir=options.workdir,
    )


if __name__ == "__main__":
    main()
