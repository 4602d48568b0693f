package dev.sluice.model;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One line of the audit log: a run that ended, sealed to the line before it.
 *
 * @param line its number, from 1
 * @param endedAt when the run ended, in whole microseconds
 * @param startedBy who started it
 * @param image the container image that ran, by its digest
 * @param settingsHash SHA-256 of the settings in force, secrets hidden
 * @param snapshotId what it published
 * @param receiptHash SHA-256 of the receipt's text
 * @param previousHash the hash of the line before; of the first line {@link #NONE}
 * @param hash SHA-256 of all the others
 */
public record AuditLine(
    long line,
    Instant endedAt,
    String job,
    String runId,
    String runKey,
    String status,
    int exitCode,
    String startedBy,
    Optional<String> image,
    String sdkVersion,
    Optional<String> settingsHash,
    Optional<String> target,
    Optional<String> targetUri,
    Optional<String> snapshotId,
    Optional<Receipt.Rows> rows,
    Optional<String> receiptUri,
    String receiptHash,
    String previousHash,
    String hash) {

  /** What the first line has in place of the hash of a line before. */
  public static final String NONE = "0".repeat(64);

  /** The columns of the log's table, in the order of {@link #cells()}. */
  public static final List<Column> COLUMNS =
      List.of(
          new Column("line", "bigint", "its number, from 1"),
          new Column("ended_at", "timestamp", "when the run ended"),
          new Column("job", "string", "the job's name"),
          new Column("run_id", "string", "the attempt"),
          new Column("run_key", "string", "the work that the run did"),
          new Column("status", "string", "how it ended"),
          new Column("exit_code", "int", "the process's exit code"),
          new Column("started_by", "string", "who started it"),
          new Column("image", "string", "the container image that ran"),
          new Column("sdk_version", "string", "the version of the SDK that ran"),
          new Column("settings_hash", "string", "SHA-256 of the settings in force"),
          new Column("target", "string", "the table or sink"),
          new Column("target_uri", "string", "where that is"),
          new Column("snapshot_id", "string", "what was published"),
          new Column("rows_read", "bigint", "rows of the first input"),
          new Column("rows_written", "bigint", "rows published"),
          new Column("rows_quarantined", "bigint", "rows that left with their reasons"),
          new Column("rows_filtered", "bigint", "rows that the job dropped"),
          new Column("receipt_uri", "string", "where the receipt lies"),
          new Column("receipt_hash", "string", "SHA-256 of the receipt's text"),
          new Column("previous_hash", "string", "the hash of the line before"),
          new Column("hash", "string", "SHA-256 of all other columns"));

  /** The line of a run that has ended; its place in the log comes later. */
  public static AuditLine of(Receipt receipt, String startedBy, Optional<String> image) {
    return new AuditLine(
        0,
        receipt.timings().finishedAt().orElseThrow().truncatedTo(ChronoUnit.MICROS),
        receipt.job(),
        receipt.runId(),
        receipt.runKey(),
        receipt.status().name(),
        receipt.exitCode().orElseThrow(),
        startedBy,
        image,
        receipt.sdkVersion(),
        receipt.settings().map(AuditLine::hash),
        receipt.target().map(Receipt.TargetFacts::name),
        receipt.target().map(Receipt.TargetFacts::uri),
        receipt.target().flatMap(Receipt.TargetFacts::snapshotId),
        receipt.rows(),
        receipt.receiptUri(),
        Sha256.of(receipt.full()),
        NONE,
        "");
  }

  private static String hash(Map<String, String> settings) {
    return Sha256.of(Json.line(new TreeMap<>(settings)));
  }

  /** The same line in its place behind another one. */
  public AuditLine after(long lastLine, String lastHash) {
    AuditLine open = sealed(lastLine + 1, lastHash, "");
    return open.sealed(open.line, lastHash, open.seal());
  }

  private AuditLine sealed(long number, String previous, String seal) {
    return new AuditLine(
        number,
        endedAt,
        job,
        runId,
        runKey,
        status,
        exitCode,
        startedBy,
        image,
        sdkVersion,
        settingsHash,
        target,
        targetUri,
        snapshotId,
        rows,
        receiptUri,
        receiptHash,
        previous,
        seal);
  }

  /** Whether it is as it was written. */
  public boolean intact() {
    return seal().equals(hash);
  }

  private String seal() {
    List<Object> cells = cells();
    return Sha256.of(
        Json.line(cells.subList(0, cells.size() - 1).stream().map(this::text).toList()));
  }

  private String text(Object cell) {
    return cell == null ? "" : cell.toString();
  }

  /** Its values for {@link #COLUMNS}, null where one is absent. */
  public List<Object> cells() {
    return Arrays.asList(
        line,
        endedAt,
        job,
        runId,
        runKey,
        status,
        exitCode,
        startedBy,
        image.orElse(null),
        sdkVersion,
        settingsHash.orElse(null),
        target.orElse(null),
        targetUri.orElse(null),
        snapshotId.orElse(null),
        rows.map(Receipt.Rows::read).orElse(null),
        rows.map(Receipt.Rows::written).orElse(null),
        rows.map(Receipt.Rows::quarantined).orElse(null),
        rows.map(Receipt.Rows::filtered).orElse(null),
        receiptUri.orElse(null),
        receiptHash,
        previousHash,
        hash);
  }

  /** The line with these values, which {@link #cells()} made. */
  public static AuditLine ofCells(List<Object> cells) {
    return new AuditLine(
        (Long) cells.get(0),
        (Instant) cells.get(1),
        (String) cells.get(2),
        (String) cells.get(3),
        (String) cells.get(4),
        (String) cells.get(5),
        (Integer) cells.get(6),
        (String) cells.get(7),
        optional(cells.get(8)),
        (String) cells.get(9),
        optional(cells.get(10)),
        optional(cells.get(11)),
        optional(cells.get(12)),
        optional(cells.get(13)),
        rows(cells.subList(14, 18)),
        optional(cells.get(18)),
        (String) cells.get(19),
        (String) cells.get(20),
        (String) cells.get(21));
  }

  private static Optional<String> optional(Object cell) {
    return Optional.ofNullable((String) cell);
  }

  private static Optional<Receipt.Rows> rows(List<Object> cells) {
    return cells.contains(null)
        ? Optional.empty()
        : Optional.of(
            new Receipt.Rows(
                (Long) cells.get(0),
                (Long) cells.get(1),
                (Long) cells.get(2),
                (Long) cells.get(3)));
  }
}
