"""Each check fails where it should: small SBOMs, jars and manifests that are made up."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
import zipfile
from pathlib import Path
from typing import Any

import pytest

import floors
import images
import licences
import sbom
from outcome import Outcome, report, table
from sbom import Component

HERE = Path(__file__).resolve().parent
RULES = """
[[allowed]]
licence = "Apache-2.0"
called = ["The Apache License, Version 2.0"]

[[allowed]]
licence = "EPL-2.0"
reason = "weak copyleft"

[[stated]]
component = "org.apache:silent"
licence = "Apache-2.0"
reason = "Its pom names none."
"""
SILENT = Component("org.apache:silent", "1", "")
AVRO = floors.Floor("org.apache.avro:avro", "1.11.4", "org/apache/avro/Schema.class", "it loads classes", ("CVE-1",))


# --- The SBOM and the jars ---------------------------------------------------------------------------------------


def _listed(tmp_path: Path, *entries: dict[str, Any]) -> list[Component]:
    file = tmp_path / "sbom.json"
    file.write_text(json.dumps({"components": entries}), encoding="utf-8")
    return sbom.components(file)


def _entry(name: str, content: bytes, **more: Any) -> dict[str, Any]:
    hashes = [{"alg": "MD5", "content": "?"}, {"alg": "SHA-256", "content": hashlib.sha256(content).hexdigest()}]
    return {"group": "org", "name": name, "version": "1", "hashes": hashes, **more}


def _lib(tmp_path: Path, **jars: bytes) -> Path:
    lib = tmp_path / "lib"
    lib.mkdir()
    for name, content in jars.items():
        (lib / f"{name}.jar").write_bytes(content)
    return lib


def test_licences_are_read_by_id_name_and_expression(tmp_path: Path) -> None:
    said = [{"license": {"id": "MIT"}}, {"license": {"name": "Go License"}}, {"expression": "EPL-2.0 OR MIT"}]
    [found] = _listed(tmp_path, _entry("a", b"a", licenses=said))
    assert found == Component("org:a", "1", hashlib.sha256(b"a").hexdigest(), ("MIT", "Go License", "EPL-2.0 OR MIT"))


def test_the_same_jars_pass(tmp_path: Path) -> None:
    listed = _listed(tmp_path, _entry("a", b"a"), _entry("b", b"b"))
    assert sbom.jars("flights", listed, _lib(tmp_path, a=b"a", b=b"b")).verdict == "pass"


def test_a_jar_that_is_not_listed_fails(tmp_path: Path) -> None:
    outcome = sbom.jars("flights", _listed(tmp_path, _entry("a", b"a")), _lib(tmp_path, a=b"a", smuggled=b"b"))
    assert outcome.verdict == "FAIL"
    [wrong] = outcome.wrong
    assert "Cannot account for smuggled.jar" in wrong


def test_a_jar_that_is_not_there_fails(tmp_path: Path) -> None:
    outcome = sbom.jars("flights", _listed(tmp_path, _entry("a", b"a"), _entry("b", b"b")), _lib(tmp_path, a=b"a"))
    [wrong] = outcome.wrong
    assert "Cannot find org:b 1 in the image" in wrong


def test_a_jar_of_other_bytes_fails_twice(tmp_path: Path) -> None:
    outcome = sbom.jars("flights", _listed(tmp_path, _entry("a", b"a")), _lib(tmp_path, a=b"changed"))
    assert len(outcome.wrong) == 2


def test_a_component_without_a_digest_fails(tmp_path: Path) -> None:
    outcome = sbom.jars("flights", _listed(tmp_path, {"group": "org", "name": "a", "version": "1"}), _lib(tmp_path))
    assert "(none)" in outcome.wrong[0]


# --- Licences ----------------------------------------------------------------------------------------------------


def test_of_two_licences_one_that_is_allowed_is_enough() -> None:
    dual = Component("org:dual", "1", "", ("GPL-2.0", "epl-2.0"))
    outcome, found = licences.used([dual, SILENT], licences.Rules(RULES))
    assert outcome.verdict == "pass"
    assert found == {"EPL-2.0": {"org:dual"}, "Apache-2.0": {"org.apache:silent"}}


def test_of_two_that_are_allowed_the_first_counts() -> None:
    dual = Component("org:dual", "1", "", ("EPL-2.0", "The Apache License, Version 2.0"))
    assert licences.Rules(RULES).licence(dual) == "EPL-2.0"


@pytest.mark.parametrize(("said", "shown"), [(("GPL-3.0",), "GPL-3.0"), ((), "none")])
def test_a_licence_that_is_not_allowed_fails(said: tuple[str, ...], shown: str) -> None:
    outcome, _ = licences.used([Component("org:a", "1", "", said), SILENT], licences.Rules(RULES))
    [wrong] = outcome.wrong
    assert wrong.startswith(f"Cannot allow org:a 1: its licence ({shown}) is not in")


def test_a_statement_about_what_is_not_there_fails() -> None:
    outcome, _ = licences.used([Component("org:a", "1", "", ("EPL-2.0",))], licences.Rules(RULES))
    [wrong] = outcome.wrong
    assert "org.apache:silent" in wrong


def test_the_page_must_be_what_the_sboms_give(tmp_path: Path) -> None:
    rules, file = licences.Rules(RULES), tmp_path / "licences.md"
    _, found = licences.used([SILENT], rules)
    text = licences.page(found, rules)
    assert licences.written(text, file, update=False).verdict == "FAIL"
    assert licences.written(text, file, update=True).seen == "written"
    assert licences.written(text, file, update=False).verdict == "pass"
    _, more = licences.used([SILENT, Component("org:a", "1", "", ("EPL-2.0",))], rules)
    assert licences.written(licences.page(more, rules), file, update=False).verdict == "FAIL"


# --- Floors ------------------------------------------------------------------------------------------------------


def _jar(tmp_path: Path, listed: Component, **content: str) -> floors.Jar:
    file = tmp_path / f"{listed.name.partition(':')[2]}.jar"
    with zipfile.ZipFile(file, "w") as jar:
        for path, text in content.items():
            jar.writestr(path, text)
    return floors.Jar.read(file, listed)


def _shaded(version: str) -> dict[str, str]:
    return {"META-INF/maven/org.apache.avro/avro/pom.properties": f"#by\ngroupId=org.apache.avro\nversion={version}\n"}


@pytest.mark.parametrize(("version", "verdict"), [("1.11.3", "FAIL"), ("1.11.4", "pass"), ("1.12.0", "pass")])
def test_a_library_has_a_floor(tmp_path: Path, version: str, verdict: str) -> None:
    outcome = floors.held(AVRO, [_jar(tmp_path, Component("org.apache.avro:avro", version, ""))])
    assert outcome.verdict == verdict


@pytest.mark.parametrize(("version", "verdict"), [("1.11.3", "FAIL"), ("1.12.2", "pass")])
def test_a_library_within_a_jar_has_it_as_well(tmp_path: Path, version: str, verdict: str) -> None:
    outcome = floors.held(AVRO, [_jar(tmp_path, Component("org:bundle", "1", ""), **_shaded(version))])
    assert outcome.verdict == verdict
    assert outcome.seen == f"{version} in bundle.jar"


@pytest.mark.parametrize("moved", ["", "org/shaded/", "META-INF/versions/11/"])
def test_one_that_does_not_say_its_version_fails(tmp_path: Path, moved: str) -> None:
    outcome = floors.held(AVRO, [_jar(tmp_path, Component("org:b", "1", ""), **{f"{moved}{AVRO.known_by}": ""})])
    assert "Cannot tell which org.apache.avro:avro is in b.jar" in outcome.wrong[0]


def test_one_that_is_not_there_is_said() -> None:
    assert floors.held(AVRO, []).seen == "not in the image"


@pytest.mark.parametrize(
    ("lower", "higher"),
    [("1.9.9", "1.10"), ("2.0-rc1", "2.0"), ("1.15.2-SNAPSHOT", "1.15.2"), ("4.2.7.Final", "4.2.8"), ("?", "1")],
)
def test_versions_have_an_order(lower: str, higher: str) -> None:
    assert floors.order(lower) < floors.order(higher)


@pytest.mark.parametrize("same", ["2", "2.0.0", "2.0.Final", "2.0-jre"])
def test_versions_that_differ_in_form_alone_are_the_same(same: str) -> None:
    assert floors.order(same) == floors.order("2.0")


# --- Digests -----------------------------------------------------------------------------------------------------


def _base(tmp_path: Path, content: bytes | None) -> Outcome:
    (tmp_path / "base.digest").write_text(f"sha256:{hashlib.sha256(b'base').hexdigest()}\n", encoding="utf-8")
    if content is not None:
        (tmp_path / "target").mkdir()
        (tmp_path / "target/base.tar").write_bytes(content)
    return images.base(tmp_path)


@pytest.mark.parametrize(("content", "verdict"), [(b"base", "pass"), (b"other", "FAIL"), (None, "not checked")])
def test_the_base_image_is_the_pinned_one(tmp_path: Path, content: bytes | None, verdict: str) -> None:
    assert _base(tmp_path, content).verdict == verdict


PUSHED = {"image": "registry:5000/sluice/flights:0.1.0", "imageDigest": "sha256:1", "imagePushed": True}


@pytest.mark.parametrize(
    ("named", "built", "verdict"),
    [
        ("registry:5000/sluice/flights@sha256:1", PUSHED, "pass"),
        ("registry:5000/sluice/flights@sha256:2", PUSHED, "FAIL"),
        ("registry:5000/sluice/flights:0.1.0", PUSHED, "FAIL"),
        (None, PUSHED, "FAIL"),
        (None, PUSHED | {"imagePushed": False}, "not checked"),
        ("registry:5000/sluice/flights@sha256:1", PUSHED | {"imagePushed": False}, "FAIL"),
        ("registry:5000/sluice/flights@sha256:1", None, "FAIL"),
        (None, None, "not checked"),
    ],
)
def test_a_manifest_names_what_was_pushed(
    tmp_path: Path, named: str | None, built: dict[str, Any] | None, verdict: str
) -> None:
    (tmp_path / "jobs.json").write_text(json.dumps({"image": named} if named else {}), encoding="utf-8")
    if built:
        (tmp_path / "jib-image.json").write_text(json.dumps(built), encoding="utf-8")
        os.utime(tmp_path / "jobs.json", (1, 1))  # older than the image
    assert images.manifest("flights", tmp_path).verdict == verdict


def test_a_manifest_that_is_newer_than_the_image_is_of_a_build_without_one(tmp_path: Path) -> None:
    (tmp_path / "jobs.json").write_text("{}", encoding="utf-8")
    (tmp_path / "jib-image.json").write_text(json.dumps(PUSHED), encoding="utf-8")
    os.utime(tmp_path / "jib-image.json", (1, 1))
    assert images.manifest("flights", tmp_path).verdict == "not checked"


# --- All at once -------------------------------------------------------------------------------------------------


def test_outcomes_are_lines_and_tests(tmp_path: Path) -> None:
    outcomes = [
        Outcome("jars", "flights", "two"),
        Outcome("floor", "avro", "old", ("too old",)),
        Outcome("digest", "base", "not built", checked=False),
    ]
    assert table(outcomes).endswith("\n\n1 pass, 1 FAIL, 1 not checked")
    report(outcomes, tmp_path / "supply.xml")
    suite = ElementTree.parse(tmp_path / "supply.xml").getroot()
    assert {name: suite.get(name) for name in ("tests", "failures", "skipped")} == {
        "tests": "3",
        "failures": "1",
        "skipped": "1",
    }
    assert [[part.tag for part in case] for case in suite] == [[], ["failure"], ["skipped"]]


@pytest.mark.parametrize(("second", "code"), [(b"same", 0), (b"other", 1)])
def test_the_command_fails_where_a_check_fails(tmp_path: Path, second: bytes, code: int) -> None:
    lone = "import pathlib, sys, supply; supply.ROOT = pathlib.Path(sys.argv.pop(1))"
    lone += "; supply.of_projects = lambda update: []; sys.exit(supply.main())"
    folders = [tmp_path / name / "target" for name in ("first/p", "second/p", "jobs/p")]
    for folder, content in zip(folders, (b"same", second, b"same"), strict=True):
        folder.mkdir(parents=True)
        for file in ("p.jar", "jobs.json", "sbom.json"):
            (folder / file).write_bytes(content)
    (tmp_path / "containers/base").mkdir(parents=True)
    (tmp_path / "containers/base/base.digest").write_text("sha256:1", encoding="utf-8")
    command = [sys.executable, "-B", "-c", lone, str(tmp_path), "--rebuilt", *map(str, folders[:2])]
    done = subprocess.run(command, cwd=HERE, text=True, capture_output=True)
    assert done.returncode == code, done.stdout + done.stderr
    assert [f"Cannot reproduce {file}" in done.stdout for file in ("p.jar", "jobs.json", "sbom.json")] == [
        bool(code)
    ] * 3
