package dev.sluice.testkit.badinput;

import static dev.sluice.testkit.badinput.Given.csv;
import static dev.sluice.testkit.badinput.Given.value;

import com.github.luben.zstd.ZstdOutputStream;
import dev.sluice.model.Source;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;

/** What arrives as CSV. */
final class CsvCases {
  private static final String HEADER = "id,amount,region\n";
  private static final String GOOD = HEADER + "1,2.5,eu\n2,3.5,us\n";

  private CsvCases() {}

  static List<Given> records() {
    return List.of(
        csv("as it should be", GOOD),
        csv("columns in another order, one more", "region,note,id,amount\neu,x,1,2.5\n"),
        csv(
            "lines that end in CR LF, the last one in nothing",
            HEADER.replace("\n", "\r\n") + "1,2.5,eu\r\n2,3.5,us"),
        csv("blank lines", HEADER + "\n1,2.5,eu\n\n"),
        csv("quoted commas and quotes", HEADER + "1,2.5,\"a, \"\"b\"\"\"\n"),
        csv("missing values, without quotes and with", HEADER + "1,,\"\"\n"),
        csv("one value too few", HEADER + "1,2.5\n2,3.5,us\n"),
        csv("one value too many", HEADER + "1,2.5,eu,x\n2,3.5,us\n"),
        csv("a text for a number", HEADER + "1,two,eu\n2,3.5,us\n"),
        csv("a quote that is never closed", HEADER + "1,2.5,\"eu\n2,3.5,us\n"),
        csv("text behind a closing quote", HEADER + "1,2.5,\"e\"u\n2,3.5,us\n"),
        csv("a quote within a value without quotes", HEADER + "1,2.5,5\" pipe\n2,3.5,us\n"),
        csv("a backslash before a quote", HEADER + "1,2.5,\"a \\\"b\\\"\"\n2,3.5,us\n"),
        csv("a line break within quotes", HEADER + "1,2.5,\"e\nu\"\n2,3.5,us\n"),
        csv("the same, with .quotedLineBreaks()", HEADER + "1,2.5,\"e\nu\"\n2,3.5,us\n")
            .read(Source.Csv::quotedLineBreaks),
        csv("a quote never closed, with .quotedLineBreaks()", HEADER + "1,2.5,\"eu\n2,3.5,us\n")
            .read(Source.Csv::quotedLineBreaks),
        csv("a carriage return within a line", HEADER + "1,2.5,e\ru\n2,3.5,us\n"),
        csv(
            "a value of more than 1 MiB",
            HEADER + "1,2.5," + "x".repeat((1 << 20) + 1) + "\n2,3.5,us\n"),
        csv(
            "a record of more than 16 MiB",
            HEADER + "1,2.5," + "x".repeat(17 << 20) + "\n2,3.5,us\n"));
  }

  static List<Given> encodings() {
    byte[] latin = (HEADER + "1,2.5,\u00e9\n2,3.5,us\n").getBytes(StandardCharsets.ISO_8859_1);
    return List.of(
        csv("a byte order mark of UTF-8", "\uFEFF" + GOOD),
        csv("UTF-16 with a mark", "orders.csv", GOOD.getBytes(StandardCharsets.UTF_16)),
        csv("UTF-16 without a mark", "orders.csv", GOOD.getBytes(StandardCharsets.UTF_16LE)),
        csv("a byte that is not UTF-8", "orders.csv", latin),
        csv("a replacement character that is meant", HEADER + "1,2.5,\uFFFD\n"),
        csv("a NUL", HEADER + "1,2.5,e\0u\n2,3.5,us\n"),
        csv("a right-to-left override, an emoji", HEADER + "1,2.5,\u202Eab \uD83D\uDE00\n"));
  }

  static List<Given> headers() {
    return List.of(
        csv("an empty file", ""),
        csv("a header alone", HEADER),
        csv("a blank first line", "\n" + GOOD),
        csv("a renamed column", GOOD.replace("amount", "amuont")),
        csv("a column twice", "id,amount,region,id\n1,2.5,eu,1\n"),
        csv("columns that differ in case", "id,amount,region,ID\n1,2.5,eu,1\n"),
        csv("columns that differ in the Turkish i", "id,amount,region,\u0130d\n1,2.5,eu,1\n"),
        csv(
            "columns that differ in how a letter is composed",
            "id,amount,region,\u00e9,e\u0301\n1,2.5,eu,x,y\n"),
        csv("lines that end in CR alone", GOOD.replace('\n', '\r')),
        csv("a quote in the header that is never closed", "id,amount,\"region\n1,2.5,eu\n"),
        csv("a hidden file", "_orders.csv", GOOD.getBytes(StandardCharsets.UTF_8)));
  }

  static List<Given> values() {
    return List.of(
        value("the largest bigint", "bigint", "9223372036854775807"),
        value("one more", "bigint", "9223372036854775808"),
        value("an int in a smallint", "smallint", "32768"),
        value("digits of another script", "int", "\u0661\u0662"),
        value("a whole number with decimals", "int", "1.0"),
        value("a space before a number", "int", " 1"),
        value("a double", "double", "-1.5e-3"),
        value("NaN", "double", "NaN"),
        value("a number beyond double", "double", "1e400"),
        value("a number that double makes 0", "double", "1e-400"),
        value("a hexadecimal double", "double", "0x1p3"),
        value("a decimal that fits", "decimal(9,2)", "1234567.80"),
        value("a decimal too fine", "decimal(9,2)", "1.239"),
        value("a decimal too large", "decimal(9,2)", "12345678.9"),
        value("a decimal of a thousand million digits", "decimal(9,2)", "1e999999999"),
        value("a date", "date", "2013-01-31"),
        value("a day that there is not", "date", "2013-02-29"),
        value("year 0", "date", "0000-01-01"),
        value("the last day", "date", "9999-12-31"),
        value("a day of 1582 that the Julian calendar lacks", "date", "1582-10-10"),
        value("a date in another order", "date", "31.01.2013"),
        value("a time without a zone", "timestamp", "2013-01-31T23:59:59"),
        value("a time in a zone", "timestamp", "2024-10-27 02:30:00.5+02:00"),
        value("a leap second", "timestamp", "2016-12-31T23:59:60Z"),
        value("nanoseconds", "timestamp", "2013-01-31T23:59:59.123456789Z"),
        value(
            "an hour that comes twice, as a wall clock shows it",
            "timestamp_ntz",
            "2024-10-27T02:30:00"),
        value("a zone where none belongs", "timestamp_ntz", "2013-01-31T23:59:59Z"),
        value("a truth value", "boolean", "TRUE"),
        value("1 for true", "boolean", "1"));
  }

  static List<Given> compressed() {
    byte[] gzip = gzip(GOOD);
    byte[] zstd = zstd(GOOD);
    byte[] flipped = gzip.clone();
    flipped[gzip.length / 2] ^= 0x10;
    return List.of(
        csv("gzip", "orders.csv.gz", gzip),
        csv(
            "two members of gzip, one behind the other",
            "orders.csv.gz",
            join(gzip, gzip("3,4.5,eu\n"))),
        csv("gzip cut short", "orders.csv.gz", Arrays.copyOf(gzip, gzip.length - 5)),
        csv("gzip with a bit turned over", "orders.csv.gz", flipped),
        csv(
            "gzip with something behind it",
            "orders.csv.gz",
            join(gzip, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})),
        csv(
            "no gzip, in spite of its name",
            "orders.csv.gz",
            GOOD.getBytes(StandardCharsets.UTF_8)),
        csv("zstd", "orders.csv.zst", zstd),
        csv("zstd cut short", "orders.csv.zst", Arrays.copyOf(zstd, zstd.length - 5)),
        csv("a bomb of gzip", "orders.csv.gz", gzip(HEADER + "1,2.5,eu\n".repeat(2 << 20))),
        csv("a bomb of zstd", "orders.csv.zst", zstd(HEADER + "1,2.5,eu\n".repeat(2 << 20))),
        csv("an archive", "orders.csv.zip", new byte[] {'P', 'K', 3, 4}));
  }

  private static byte[] join(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  private interface Codec {
    OutputStream over(OutputStream out) throws IOException;
  }

  static byte[] gzip(String text) {
    return compressed(text, GZIPOutputStream::new);
  }

  private static byte[] zstd(String text) {
    return compressed(text, out -> new ZstdOutputStream(out).setChecksum(true));
  }

  private static byte[] compressed(String text, Codec codec) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out = codec.over(bytes)) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
