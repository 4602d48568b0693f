"""The Java part of the base image: a runtime linked from the pinned JDK, never from one that is installed here."""

from __future__ import annotations

import base64
import hashlib
import os
import struct
import subprocess
from pathlib import Path

import debian
from image import Layer

HOME = "opt/java"

# What Spark, Hadoop, Iceberg, the AWS SDK, the JDBC drivers and log4j load, by name or through a service.
MODULES = [
    "java.base",
    "java.compiler",
    "java.datatransfer",
    "java.desktop",
    "java.instrument",
    "java.logging",
    "java.management",
    "java.management.rmi",
    "java.naming",
    "java.net.http",
    "java.prefs",
    "java.rmi",
    "java.scripting",
    "java.security.jgss",
    "java.security.sasl",
    "java.sql",
    "java.sql.rowset",
    "java.transaction.xa",
    "java.xml",
    "java.xml.crypto",
    "jdk.attach",
    "jdk.charsets",
    "jdk.crypto.cryptoki",
    "jdk.crypto.ec",
    "jdk.httpserver",
    "jdk.jcmd",
    "jdk.jfr",
    "jdk.localedata",
    "jdk.management",
    "jdk.management.agent",
    "jdk.naming.dns",
    "jdk.net",
    "jdk.nio.mapmode",
    "jdk.security.auth",
    "jdk.security.jgss",
    "jdk.unsupported",
    "jdk.xml.dom",
    "jdk.zipfs",
]
# There is no shell to look into a stuck pod with, so these stand in for one: `kubectl exec POD -- jcmd 1 Thread.print`.
PROGRAMS = {"java", "jcmd", "jfr", "jmap", "jstack", "keytool"}


def build(packages: list[Path], authorities: list[bytes], work: Path) -> Layer:
    """The layer, from the JDK's packages and the certificate authorities to trust.

    The JDK's class archive (`java -Xshare:dump`) is left out: it is the one file that differs from build to build, with
    any collector, with -Xint and with hashCode=2, as soon as the machine is busy. An application can bring its own.
    """
    jdk = _unpack(packages, work / "jdk")
    runtime = work / "runtime"
    _link(jdk, runtime)
    for program in (runtime / "bin").iterdir():
        if program.name not in PROGRAMS:
            program.unlink()
    (runtime / "lib/security/cacerts").write_bytes(truststore(authorities))
    layer = Layer()
    layer.tree(runtime, HOME)
    return layer


def _link(jdk: Path, runtime: Path) -> None:
    command: list[str | Path] = [
        jdk / "bin/jlink",
        "--module-path",
        jdk / "jmods",
        "--add-modules",
        ",".join(MODULES),
        "--output",
        runtime,
        "--no-header-files",
        "--no-man-pages",
        "--strip-java-debug-attributes",
        "--include-locales",
        "en,de,fr,es,it,pt,ja,zh",
    ]
    env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TZ": "UTC"}  # nothing of whoever builds
    done = subprocess.run(command, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    if done.returncode != 0:
        raise debian.Unavailable(
            f"Cannot link the Java runtime: jlink ended with {done.returncode}: {done.stdout.strip()[-500:]}. "
            "See MODULES in containers/base/jre.py."
        )


def truststore(authorities: list[bytes]) -> bytes:
    """A Java key store of these certificates, with the usual password. keytool would write today's date into it."""
    body = struct.pack(">III", 0xFEEDFEED, 2, len(authorities))
    for number, pem in enumerate(authorities):
        der = base64.b64decode(b"".join(line for line in pem.splitlines() if not line.startswith(b"-----")))
        body += (
            struct.pack(">I", 2)
            + _text(f"debian-{number:03d}")
            + struct.pack(">q", 0)
            + _text("X.509")
            + struct.pack(">I", len(der))
            + der
        )
    # The format's own seal: password in UTF-16, a fixed phrase, the content.
    return body + hashlib.sha1("changeit".encode("utf-16-be") + b"Mighty Aphrodite" + body).digest()


def _text(value: str) -> bytes:
    return struct.pack(">H", len(value)) + value.encode()


def _unpack(packages: list[Path], root: Path) -> Path:
    """The JDK's folder. Links that would lead to this machine's /etc are turned to the unpacked one."""
    for package in packages:
        for entry, content in debian.members(package):
            path = root / entry.name
            if entry.isdir():
                path.mkdir(parents=True, exist_ok=True)
            elif entry.issym():
                target = root / entry.linkname.lstrip("/") if entry.linkname.startswith("/") else Path(entry.linkname)
                path.symlink_to(target)
            elif entry.isfile():
                path.write_bytes(content)
                path.chmod(entry.mode)
    return next((root / "usr/lib/jvm").glob("java-*-openjdk-*"))
