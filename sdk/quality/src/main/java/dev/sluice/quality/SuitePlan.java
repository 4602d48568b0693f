package dev.sluice.quality;

import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.when;

import dev.sluice.model.SluiceException;
import dev.sluice.quality.Check.AggregateCheck;
import dev.sluice.quality.Check.BrokenCheck;
import dev.sluice.quality.Check.Cause;
import dev.sluice.quality.Check.FrequencyCheck;
import dev.sluice.quality.Check.OfValues;
import dev.sluice.quality.Check.RowCheck;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.types.StructType;

/**
 * A suite compiled for rows of one schema.
 *
 * <p>Questions to single rows become bits: a row carries as many words of type {@code bigint} as
 * hold one bit for each distinct question, whoever asks it and how often.
 */
public final class SuitePlan {
  /** How many bits one word holds. */
  public static final int WORD = Long.SIZE;

  /**
   * One expectation with its compiled form and the policy in force.
   *
   * @param index its place in the suite
   * @param failed the bit of the rows that fail; {@link #NO_BIT} for checks that have none
   * @param missing the bit of the rows that have nothing to ask about; {@link #NO_BIT} for none
   * @param asked the bit of the rows that the expectation asks about; {@link #NO_BIT} for all
   * @param unclear the bit of the rows on which its condition fails; {@link #NO_BIT} where none can
   * @param scope the rows it asks about
   */
  public record Planned(
      int index,
      Expectation expectation,
      Check check,
      OnFailure onFailure,
      int failed,
      int missing,
      int asked,
      int unclear,
      Scope scope) {

    /** The column whose values, all of them, answer the check; empty where none do. */
    Optional<String> valuesOf() {
      Optional<String> column =
          check instanceof FrequencyCheck frequency
              ? Optional.of(frequency.column())
              : check instanceof AggregateCheck aggregate
                  ? aggregate.ofValues().map(OfValues::column)
                  : Optional.empty();
      // A result that also counts rows asks for them with its aggregates.
      return scope.condition().isEmpty() && !Totals.countsRows(this) ? column : Optional.empty();
    }

    /** Enough to be found by: hashing whole schemas would cost more than the answers. */
    @Override
    public int hashCode() {
      return index;
    }
  }

  /** One reason for which a row goes to quarantine or is counted: a bit, and who asks it. */
  public record Reason(int bit, String id, String type) implements java.io.Serializable {}

  /** Where there is no bit. */
  public static final int NO_BIT = -1;

  private final Suite suite;
  private final List<Planned> planned;
  private final List<Column> questions;

  SuitePlan(Suite suite, List<Planned> planned, List<Column> questions) {
    this.suite = suite;
    this.planned = List.copyOf(planned);
    this.questions = List.copyOf(questions);
  }

  /** Compiles every expectation of a suite; one that does not fit the rows harms no other. */
  public static SuitePlan compile(Suite suite, StructType schema, OtherTables tables) {
    return new SuiteCompiler(suite, schema, tables).plan();
  }

  /**
   * This plan, if every expectation fits the rows.
   *
   * @throws SluiceException of kind CONFIG that lists all that do not
   */
  public SuitePlan refuseMistakes() {
    List<String> violations = new ArrayList<>();
    for (Planned p : planned) {
      if (p.check() instanceof BrokenCheck broken && broken.cause() == Cause.SUITE) {
        violations.add(p.expectation().id() + ": " + broken.reason());
      }
    }
    if (!violations.isEmpty()) {
      throw SluiceException.config(
          "Cannot use suite %s on these columns:%n  %s%nCorrect the suite",
          suite.name(), String.join(System.lineSeparator() + "  ", violations));
    }
    return this;
  }

  /** The suite. */
  public Suite suite() {
    return suite;
  }

  /** Every expectation, in the suite's order. */
  public List<Planned> planned() {
    return planned;
  }

  /** How many words a row carries. */
  public int words() {
    return (questions.size() + WORD - 1) / WORD;
  }

  /** The words of a row. */
  public List<Column> wordColumns() {
    return wordColumns(Map.of());
  }

  /**
   * The words of a row, where some questions could be put only after all rows were seen.
   *
   * @param late the questions whose bits nobody could set before, by bit
   */
  public List<Column> wordColumns(Map<Integer, Column> late) {
    return IntStream.range(0, words()).mapToObj(word -> word(word, late)).toList();
  }

  private Column word(int word, Map<Integer, Column> late) {
    return IntStream.range(word * WORD, Math.min(questions.size(), (word + 1) * WORD))
        .mapToObj(
            bit ->
                when(late.getOrDefault(bit, questions.get(bit)), lit(1L << (bit % WORD)))
                    .otherwise(lit(0L)))
        .reduce(Column::bitwiseOR)
        .orElseThrow();
  }

  /** The bits whose failure sends a row to quarantine. */
  public long[] quarantineMask() {
    long[] mask = new long[words()];
    for (Planned p : planned) {
      if (p.onFailure() == OnFailure.QUARANTINE && p.failed() != NO_BIT) {
        mask[p.failed() / WORD] |= 1L << (p.failed() % WORD);
      }
    }
    return mask;
  }

  /**
   * True for a row that goes to quarantine.
   *
   * @param words its words, as {@link #wordColumns()} has them
   */
  public Column leaves(List<Column> words) {
    long[] mask = quarantineMask();
    return IntStream.range(0, mask.length)
        .mapToObj(word -> words.get(word).bitwiseAND(lit(mask[word])).notEqual(0))
        .reduce(Column::or)
        .orElse(lit(false));
  }

  /** Whether any row can be sent to quarantine. */
  public boolean quarantines() {
    return planned.stream().anyMatch(p -> p.onFailure() == OnFailure.QUARANTINE);
  }

  /** What to note of rows while they are written. */
  public RowNotes.Wanted wanted() {
    Integer[] shown = new Integer[questions.size()];
    Arrays.fill(shown, 0);
    Set<String> counted = new LinkedHashSet<>();
    for (Planned p : planned) {
      if (p.check() instanceof RowCheck) {
        int most = MapResult.wanted(p.expectation().resultFormat());
        shown[p.failed()] = Math.max(shown[p.failed()], most);
      }
      p.valuesOf().filter(column -> countable(column, p.scope().schema())).ifPresent(counted::add);
    }
    return new RowNotes.Wanted(words(), List.of(shown), List.copyOf(counted));
  }

  private static boolean countable(String column, StructType schema) {
    return Arrays.asList(schema.fieldNames()).contains(column)
        && ValueCounts.counts(schema.apply(column).dataType());
  }

  /** Who asks which bit, in the suite's order. */
  public List<Reason> reasons() {
    return planned.stream()
        .filter(p -> p.failed() != NO_BIT)
        .map(p -> new Reason(p.failed(), p.expectation().id(), p.expectation().type().name()))
        .toList();
  }
}
