package dev.sluice.testkit.badinput;

import static dev.sluice.testkit.badinput.Given.json;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** What arrives as JSON lines. */
final class JsonCases {
  private static final String GOOD = "{\"id\": 2}\n";

  private JsonCases() {}

  static List<Given> all() {
    return List.of(
        json(
            "as it should be",
            "string",
            "{\"id\": 1, \"v\": \"a\"}\n{\"v\": \"b\", \"id\": 2, \"w\": [1, {}]}\n"),
        json("a missing value and a null", "string", "{\"id\": 1}\n{\"id\": null, \"v\": null}\n"),
        json("blank lines and CR LF", "string", "{\"id\": 1}\r\n\r\n" + GOOD),
        json("a mark of UTF-8", "string", "\uFEFF" + GOOD),
        json("UTF-16", "string", GOOD.getBytes(StandardCharsets.UTF_16)),
        json("UTF-16 without a mark", "string", GOOD.getBytes(StandardCharsets.UTF_16LE)),
        json(
            "a byte that is not UTF-8",
            "string",
            ("{\"v\": \"\u00e9\"}\n" + GOOD).getBytes(StandardCharsets.ISO_8859_1)),
        json("an empty file", "string", ""),
        json("an array, a number, a text", "string", "[1]\n1\n\"a\"\n" + GOOD),
        json("one object over several lines", "string", "{\n\"id\": 1\n}\n" + GOOD),
        json("an object cut short", "string", "{\"id\": 1, \"v\": \"a\n" + GOOD),
        json("something behind the object", "string", "{\"id\": 1} x\n" + GOOD),
        json("two objects on a line", "string", "{\"id\": 1}{\"id\": 3}\n" + GOOD),
        json("a comma too many", "string", "{\"id\": 1,}\n" + GOOD),
        json("a comment", "string", "{\"id\": 1 /* one */}\n" + GOOD),
        json("single quotes, no quotes", "string", "{'id': 1}\n{id: 1}\n" + GOOD),
        json("a tab within a text", "string", "{\"id\": 1, \"v\": \"a\tb\"}\n" + GOOD),
        json("an unknown escape", "string", "{\"id\": 1, \"v\": \"\\x61\"}\n" + GOOD),
        json("a key twice", "string", "{\"id\": 1, \"id\": 3}\n" + GOOD),
        json(
            "a key twice, deep within what nobody reads",
            "string",
            "{\"id\": 1, \"w\": {\"a\": 1, \"a\": 1}}\n" + GOOD),
        json("keys that differ in case", "string", "{\"id\": 1, \"ID\": 3, \"V\": \"a\"}\n"),
        json("NaN", "double", "{\"id\": 1, \"v\": NaN}\n" + GOOD),
        json("Infinity as a text", "double", "{\"id\": 1, \"v\": \"Infinity\"}\n" + GOOD),
        json("a number beyond double", "double", "{\"id\": 1, \"v\": 1e400}\n" + GOOD),
        json("a number that double makes 0", "double", "{\"id\": 1, \"v\": 1e-400}\n" + GOOD),
        json(
            "a number with more than 1,000 digits",
            "double",
            "{\"id\": 1, \"v\": " + "1".repeat(1001) + "}\n" + GOOD),
        json(
            "an exponent of a thousand million",
            "decimal(9,2)",
            "{\"id\": 1, \"v\": 1e999999999}\n" + GOOD),
        json(
            "a decimal, as a number and as a text",
            "decimal(9,2)",
            "{\"id\": 1, \"v\": 0.10}\n{\"id\": 2, \"v\": \"0.20\"}\n"),
        json("a decimal too fine", "decimal(9,2)", "{\"id\": 1, \"v\": 0.001}\n" + GOOD),
        json(
            "a whole number beyond bigint",
            "bigint",
            "{\"id\": 1, \"v\": 9223372036854775808}\n" + GOOD),
        json("1.0 for a whole number", "bigint", "{\"id\": 1, \"v\": 1.0}\n" + GOOD),
        json(
            "leading zeros, a plus sign",
            "bigint",
            "{\"id\": 1, \"v\": 007}\n{\"id\": 1, \"v\": +1}\n" + GOOD),
        json(
            "a text for a number, a number for a text",
            "string",
            "{\"id\": \"1\"}\n{\"id\": 1, \"v\": 1}\n" + GOOD),
        json("an object for a text", "string", "{\"id\": 1, \"v\": {}}\n" + GOOD),
        json("a pair of surrogates", "string", "{\"id\": 1, \"v\": \"\\ud83d\\ude00\"}\n"),
        json("half a pair of surrogates", "string", "{\"id\": 1, \"v\": \"\\ud83d\"}\n" + GOOD),
        json("an escaped NUL", "string", "{\"id\": 1, \"v\": \"\\u0000\"}\n" + GOOD),
        json("a bare NUL", "string", "{\"id\": 1, \"v\": \"\0\"}\n" + GOOD),
        json(
            "100 arrays in one another",
            "string",
            "{\"id\": 1, \"w\": " + "[".repeat(99) + "]".repeat(99) + "}\n"),
        json(
            "101 arrays in one another",
            "string",
            "{\"id\": 1, \"w\": " + "[".repeat(100) + "]".repeat(100) + "}\n" + GOOD),
        json("a million arrays that nobody closes", "string", "[".repeat(1 << 20) + "\n" + GOOD),
        json(
            "nested columns",
            "struct<a:int,b:array<string>,c:map<string,date>>",
            "{\"id\": 1, \"v\": {\"a\": 1, \"b\": [\"x\", null], \"c\": {\"k\": \"2013-01-31\"}}}\n"),
        json(
            "a wrong type deep within",
            "struct<a:int,b:array<string>>",
            "{\"id\": 1, \"v\": {\"a\": 1, \"b\": [1]}}\n" + GOOD));
  }
}
