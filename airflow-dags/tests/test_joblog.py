"""A log that is read in pieces: nothing twice, nothing lost in silence."""

from __future__ import annotations

import logging

import pytest

from sluice_airflow import joblog
from sluice_airflow.joblog import Cursor, Line, parse, take


def piece(*lines: tuple[int, str]) -> bytes:
    """Return lines as a node stamps them; each has the nanosecond at which it was written."""
    return "".join(f"2026-11-23T00:00:00.{nanosecond:09}Z {text}\n" for nanosecond, text in lines).encode()


def said(*pieces: bytes) -> list[str]:
    cursor, texts = Cursor(), []
    for each in pieces:
        lines, cursor = take(each, cursor)
        texts += [line.text for line in lines]
    return texts


def test_what_is_read_again_is_said_once() -> None:
    one, two, three = (1, "one"), (2, "two"), (3, "three")

    assert said(piece(one, two), piece(one, two, three), piece(two, three), piece(three)) == ["one", "two", "three"]


def test_lines_of_the_same_moment_are_all_said_once() -> None:
    a, b, c = (5, "a"), (5, "b"), (5, "c")

    assert said(piece(a, b), piece(a, b, c), piece(a, b, c)) == ["a", "b", "c"]


def test_the_same_words_at_another_time_are_said_again() -> None:
    assert said(piece((1, "tick"), (2, "tick")), piece((2, "tick"), (3, "tick"))) == ["tick", "tick", "tick"]


def test_missing_numbers_are_told() -> None:
    assert said(piece((1, "#1 one")), piece((9, "#5 five"))) == [
        "one",
        "3 lines are missing here: the node no longer had them when they were read.",
        "five",
    ]


def test_lines_without_a_number_hide_none() -> None:
    """The JVM's own words have none, and standard output has none."""
    assert said(piece((1, "#1 one"), (2, "OpenJDK warning"), (3, "#2 two"))) == ["one", "OpenJDK warning", "two"]


def test_a_log_that_is_cut_in_a_line_and_bytes_that_are_no_text_do_no_harm() -> None:
    assert said(b"00:00Z half a line\n" + piece((1, "whole")), piece((2, "x")).replace(b"x", b"\xff")) == [
        "whole",
        "\\xff",
    ]


@pytest.mark.parametrize(
    ("text", "number", "level", "rest"),
    [
        (
            "#17 2026-11-23T00:00:00.000Z WARN  Job: slow",
            17,
            logging.WARNING,
            "2026-11-23T00:00:00.000Z WARN  Job: slow",
        ),
        ("2026-11-23T00:00:00.000Z ERROR Job: bad", None, logging.ERROR, "2026-11-23T00:00:00.000Z ERROR Job: bad"),
        ("clean-departures: transform", None, logging.INFO, "clean-departures: transform"),
        ("#no number", None, logging.INFO, "#no number"),
    ],
)
def test_a_line_has_a_number_and_a_level(text: str, number: int | None, level: int, rest: str) -> None:
    assert parse(text) == (number, Line(level, rest))


def test_only_what_is_new_is_asked_for_by_the_nodes_own_clock() -> None:
    _, cursor = take(piece((1, "one")), Cursor())

    assert "sinceTime" not in dict(Cursor().call("jobs", "pod", "base")["query_params"])
    call = cursor.call("jobs", "pod", "base")
    assert call["resource_path"] == "/api/v1/namespaces/jobs/pods/pod/log"
    assert dict(call["query_params"])["sinceTime"] == "2026-11-23T00:00:00.000000001Z"
    assert Cursor.from_json(cursor.to_json()) == cursor


def test_a_log_that_grows_by_more_than_a_piece_is_said_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joblog, "PIECE_BYTES", 200)
    second = "2026-11-23T00:00:{:02}.000000000Z line {}\n"
    log = "".join(second.format(number, number) for number in range(30)).encode()
    cursor, texts = Cursor(), []

    for _ in range(30):
        begin = log.index(cursor.stamp.encode()) if cursor.stamp else 0
        lines, cursor = take(log[begin : begin + 200], cursor)
        texts += [line.text for line in lines]

    assert texts == [f"line {number}" for number in range(30)]


def test_a_second_that_is_longer_than_a_piece_does_not_hold_up_the_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joblog, "PIECE_BYTES", 200)
    one = piece(*[(number, f"#{number} x") for number in range(1, 10)])
    other = b"2026-11-23T00:00:01.000000000Z #10 last\n"

    lines, cursor = take(one[:200], Cursor())
    nothing, cursor = take(one[:200], cursor)
    rest, _ = take(other, cursor)

    assert [line.text for line in lines] == ["x"] * 5
    assert nothing == []
    assert cursor.stamp == "2026-11-23T00:00:01.000000000Z"
    assert [line.text for line in rest] == [
        "4 lines are missing here: the node no longer had them when they were read.",
        "last",
    ]
