"""The operating system's part of the base image: C libraries, time zones, certificates, five programs, no shell."""

from __future__ import annotations

import fnmatch
from pathlib import Path

import debian
from image import Layer

USER = 65532

# What is taken of a package; everything, where nothing is said. Patterns are those of a usr-merged system.
TAKEN = {
    # Hadoop's local file system runs chmod, ls, readlink and df; Spark runs rm.
    "coreutils": ["usr/bin/chmod", "usr/bin/df", "usr/bin/ls", "usr/bin/readlink", "usr/bin/rm"],
    # Without this locale the JVM takes file names and default text for ASCII.
    "libc-bin": ["usr/lib/locale/C.utf8/*"],
    "ca-certificates": [],  # only its certificates, as a bundle: see certificates()
}
LEFT_OUT = [
    "usr/share/man*",
    "usr/share/locale*",
    "usr/share/lintian*",
    "usr/share/bug*",
    "usr/share/base-files*",
    "usr/share/zoneinfo/posix*",
    "usr/share/zoneinfo/right*",
    "usr/lib/*/gconv*",
    "usr/lib/*/audit*",
    "usr/lib/*/libBroken*",
    "usr/lib/*/libmemusage*",
    "usr/lib/*/libpcprofile*",
    "usr/lib/*/libc_malloc_debug*",
    "usr/lib/*/libthread_db*",
    "etc/update-motd.d*",
    "etc/dpkg*",
    "etc/skel",
    "etc/profile.d",
    "boot",
    "home",
    "media",
    "mnt",
    "srv",
]
MERGED = ("bin", "sbin", "lib", "lib64")
SHELLS = {"sh", "bash", "dash", "busybox"}


def build(packages: dict[str, Path], elsewhere: dict[str, Path]) -> Layer:
    """The layer, from each package's name and file; what comes from elsewhere in the image is only listed."""
    layer = Layer()
    for name in MERGED:
        layer.folder(f"usr/{name}")
        layer.link(name, f"usr/{name}")
    for name, file in packages.items():
        _unpack(layer, name, file)
    for name, file in {**packages, **elsewhere}.items():
        layer.file(f"var/lib/dpkg/status.d/{name}", debian.control(file))  # where scanners look for what is installed
    layer.file("etc/ssl/certs/ca-certificates.crt", b"".join(certificates(packages["ca-certificates"])))
    _identity(layer)
    shells = SHELLS & {Path(path).name for path in layer.paths() if path.startswith(("usr/bin/", "usr/sbin/"))}
    if shells:
        raise ValueError(f"Cannot build the base image: it would have a shell: {shells}. See TAKEN in rootfs.py.")
    return layer


def certificates(file: Path) -> list[bytes]:
    """The certificate authorities of the package, each in PEM."""
    return [
        content.strip() + b"\n"
        for entry, content in debian.members(file)
        if fnmatch.fnmatch(entry.name, "usr/share/ca-certificates/*.crt")
    ]


def _unpack(layer: Layer, package: str, file: Path) -> None:
    for entry, content in debian.members(file):
        path = _merged(entry.name)
        copyright_file = fnmatch.fnmatch(path, "usr/share/doc/*/copyright")
        wanted = copyright_file or any(fnmatch.fnmatch(path, pattern) for pattern in TAKEN.get(package, ["*"]))
        if (
            not wanted
            or (path.startswith("usr/share/doc") and not copyright_file)
            or any(fnmatch.fnmatch(path, pattern) for pattern in LEFT_OUT)
        ):
            continue
        if entry.issym():
            layer.link(path, entry.linkname)
        elif entry.islnk():  # a second name: a link is as good and cannot depend on the order
            layer.link(path, "/" + _merged(entry.linkname.removeprefix("./")))
        elif entry.isfile():
            layer.file(path, content, entry.mode & 0o755)
        elif entry.isdir() and path and path not in MERGED:
            layer.folder(path, entry.mode)


def _merged(path: str) -> str:
    return f"usr/{path}" if path.split("/")[0] in MERGED else path


def _identity(layer: Layer) -> None:
    layer.file(
        "etc/passwd",
        b"root:x:0:0:root:/root:/usr/sbin/nologin\n"
        b"nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n"
        # Its home is the one folder that can be written where the root file system cannot.
        b"sluice:x:%d:%d:sluice:/tmp:/usr/sbin/nologin\n" % (USER, USER),
    )
    layer.file("etc/group", b"root:x:0:\nnogroup:x:65534:\nsluice:x:%d:\n" % USER)
    layer.file(
        "etc/nsswitch.conf", b"passwd: files\ngroup: files\nhosts: files dns\nservices: files\nprotocols: files\n"
    )
    layer.link("etc/localtime", "/usr/share/zoneinfo/Etc/UTC")
    layer.file("etc/timezone", b"Etc/UTC\n")
    layer.folder("tmp", 0o1777)
    layer.folder("work", 0o755, owner=USER)  # the working folder of a run
