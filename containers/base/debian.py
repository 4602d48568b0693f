"""Debian packages, pinned: fetched by the path and the SHA-256 of the lock, read without being installed.

Files are taken by their path in the archive's pool and not by `apt-get download NAME=VERSION`: the pool keeps a version
long after the index has gone on to the next one, so that an old lock still builds.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

APT_HELPER = "/usr/lib/apt/apt-helper"


class Unavailable(Exception):
    """Something outside this repository is missing; the message says what and what to do."""


class Package(NamedTuple):
    """One line of the lock."""

    name: str
    version: str
    architecture: str
    sha256: str
    path: str

    @classmethod
    def read_lock(cls, lock: Path) -> list[Package]:
        lines = (line.split() for line in lock.read_text().splitlines() if line and not line.startswith("#"))
        return [cls(*fields) for fields in lines]


def fetch(package: Package, folder: Path) -> Path:
    """The package's file, from the folder if it is there, else from the first of apt's mirrors that has it."""
    file = folder / Path(package.path).name
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        part = file.with_name(file.name + ".part")
        for site in _mirrors():
            part.unlink(missing_ok=True)
            wanted = [f"{site.rstrip('/')}/{package.path}", str(part), f"SHA256:{package.sha256}"]
            if _apt(APT_HELPER, "download-file", *wanted).returncode == 0:
                part.replace(file)
                break
        else:
            raise Unavailable(
                f"Cannot download {package.name} {package.version}: no mirror of apt's has {package.path}. "
                "Check the network, or take today's versions with `containers/base/build --refresh`."
            )
    found = hashlib.sha256(file.read_bytes()).hexdigest()
    if found != package.sha256:
        file.unlink()
        raise Unavailable(
            f"Cannot trust {file.name}: its SHA-256 is {found}, the lock says {package.sha256}. "
            "Run the build again to fetch it anew."
        )
    return file


def members(file: Path) -> Iterator[tuple[tarfile.TarInfo, bytes]]:
    """Every file, link and folder of a package, with its content."""
    process = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", file], stdout=subprocess.PIPE)
    with tarfile.open(fileobj=process.stdout, mode="r|") as tar:
        for entry in tar:
            entry.name = entry.name.removeprefix("./").rstrip("/")
            reader = tar.extractfile(entry) if entry.isfile() else None
            yield entry, reader.read() if reader else b""
    if process.wait() != 0:
        raise Unavailable(
            f"Cannot unpack {file.name}: dpkg-deb ended with {process.returncode}. Delete the file and build again."
        )


def control(file: Path) -> bytes:
    """What the package says of itself."""
    return subprocess.run(["dpkg-deb", "--field", file], check=True, stdout=subprocess.PIPE).stdout


def resolve(names: list[str], state: Path) -> list[Package]:
    """Today's version of each package. apt works in a folder of ours, so that nobody need be root."""
    for folder in ("lists/partial", "cache/archives/partial"):
        (state / folder).mkdir(parents=True, exist_ok=True)
    ours = ["-o", f"Dir::State::lists={state}/lists", "-o", f"Dir::Cache={state}/cache"]
    update = _apt("apt-get", *ours, "-qq", "update")
    if update.returncode != 0:
        raise Unavailable(
            f"Cannot read the package index: {update.stdout.strip()}. Check the network and apt's sources."
        )
    return [_candidate(name, ours) for name in names]


def _candidate(name: str, options: list[str]) -> Package:
    # The installed version is no candidate: it may be one that no mirror has.
    shown = _apt("apt-cache", *options, "-o", "Dir::State::status=/dev/null", "show", "--no-all-versions", name).stdout
    field = dict(re.findall(r"^(Version|Architecture|SHA256|Filename): (.*)$", shown, re.MULTILINE))
    if "SHA256" not in field:
        raise Unavailable(
            f"Cannot find the package {name}: no mirror of apt's lists it. "
            "Build on the Debian release that the lock names."
        )
    return Package(name, field["Version"], field["Architecture"], field["SHA256"], field["Filename"])


def _mirrors() -> list[str]:
    found = _apt("apt-get", "indextargets", "--format", "$(SITE)", "Created-By: Packages").stdout.split()
    if not found:
        raise Unavailable("Cannot find a Debian mirror: apt knows none. Build on Debian, with apt's sources in place.")
    return sorted(set(found), key=lambda site: ("security" not in site, site))


def _apt(*command: str) -> subprocess.CompletedProcess[str]:
    as_root = ["-o", "APT::Sandbox::User=root"] if os.geteuid() == 0 else []  # its own user may not enter our folders
    try:
        return subprocess.run(
            [command[0], *as_root, *command[1:]], text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
    except FileNotFoundError as missing:
        raise Unavailable(
            f"Cannot run {missing.filename}: it is not there. "
            "Build the base image on Debian; elsewhere, take a base.tar that was built there."
        ) from None
