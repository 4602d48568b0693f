package dev.sluice.quality;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.shiftleft;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.SluiceException;
import dev.sluice.quality.Check.RowCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/**
 * A suite compiled for rows of one schema.
 *
 * <p>Row checks become bits: for {@code n} of them a row carries {@code ceil(n / 64)} words of type
 * {@code bigint} that say which failed, and as many that say for which it has nothing to ask about.
 */
public final class SuitePlan {
  /** How many row checks one word holds. */
  public static final int WORD = Long.SIZE;

  /**
   * One expectation with its compiled form and the policy in force.
   *
   * @param bit the index among the row checks; -1 for other kinds
   */
  public record Planned(Expectation expectation, Check check, OnFailure onFailure, int bit) {}

  private final Suite suite;
  private final List<Planned> planned;

  private SuitePlan(Suite suite, List<Planned> planned) {
    this.suite = suite;
    this.planned = List.copyOf(planned);
  }

  /**
   * Compiles every expectation of a suite.
   *
   * @throws SluiceException of kind CONFIG that lists all expectations that do not fit the schema
   */
  public static SuitePlan compile(Suite suite, StructType schema) {
    List<Planned> planned = new ArrayList<>();
    List<String> violations = new ArrayList<>();
    int bits = 0;
    for (Expectation expectation : suite.expectations()) {
      try {
        Check check = compile(expectation.type(), expectation.kwargs(), schema);
        boolean rows = check instanceof RowCheck;
        planned.add(new Planned(expectation, check, policy(expectation, check), rows ? bits : -1));
        bits += rows ? 1 : 0;
      } catch (IllegalArgumentException e) {
        violations.add(expectation.id() + ": " + e.getMessage());
      }
    }
    if (!violations.isEmpty()) {
      throw SluiceException.config(
          "Cannot use suite %s on these columns:%n  %s%nCorrect the suite",
          suite.name(), String.join(System.lineSeparator() + "  ", violations));
    }
    return new SuitePlan(suite, planned);
  }

  private static <K extends Record> Check compile(
      ExpectationType<K> type, JsonNode kwargs, StructType schema) {
    return type.compile(KwargsSchema.bind(type.kwargs(), kwargs), schema);
  }

  private static OnFailure policy(Expectation expectation, Check check) {
    boolean rows = check instanceof RowCheck;
    OnFailure usual =
        expectation.severity() != Severity.CRITICAL
            ? OnFailure.WARN
            : rows ? OnFailure.QUARANTINE : OnFailure.REFUSE;
    OnFailure chosen = expectation.onFailure().orElse(usual);
    if (chosen == OnFailure.QUARANTINE && !rows) {
      throw new IllegalArgumentException(
          "onFailure 'quarantine' needs a check of single rows; use 'refuse' or 'warn'");
    }
    return chosen;
  }

  /** The suite. */
  public Suite suite() {
    return suite;
  }

  /** Every expectation, in the suite's order. */
  public List<Planned> planned() {
    return planned;
  }

  /** The row checks in the order of their bits. */
  public List<Planned> rowChecks() {
    return planned.stream().filter(p -> p.bit() >= 0).toList();
  }

  /** How many words of each sort a row carries. */
  public int words() {
    return (rowChecks().size() + WORD - 1) / WORD;
  }

  /** The words that say which checks a row fails. */
  public List<Column> failedWords() {
    return words(RowCheck::unexpected);
  }

  /** The words that say for which checks a row has nothing to ask about. */
  public List<Column> missingWords() {
    return words(RowCheck::missing);
  }

  /** The bits whose failure sends a row to quarantine. */
  public long[] quarantineMask() {
    long[] mask = new long[words()];
    for (Planned p : rowChecks()) {
      if (p.onFailure() == OnFailure.QUARANTINE) {
        mask[p.bit() / WORD] |= 1L << (p.bit() % WORD);
      }
    }
    return mask;
  }

  /** The ids of the row checks, in the order of their bits. */
  public List<String> reasonIds() {
    return rowChecks().stream().map(p -> p.expectation().id()).toList();
  }

  private List<Column> words(Function<RowCheck, Column> question) {
    List<Planned> rows = rowChecks();
    return IntStream.range(0, words())
        .mapToObj(
            word ->
                rows.subList(word * WORD, Math.min(rows.size(), (word + 1) * WORD)).stream()
                    .map(p -> bit(question.apply((RowCheck) p.check()), p.bit() % WORD))
                    .reduce(Column::bitwiseOR)
                    .orElseThrow())
        .toList();
  }

  private static Column bit(Column condition, int position) {
    return shiftleft(coalesce(condition, lit(false)).cast("bigint"), position);
  }
}
