package dev.sluice.runtime.join;

import static org.apache.spark.sql.functions.broadcast;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.xxhash64;

import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.join.Decision.Given;
import dev.sluice.runtime.join.Decision.HotKeys;
import dev.sluice.runtime.join.Decision.Looks;
import dev.sluice.runtime.join.Kind.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;

/**
 * A join of two frames on columns of the same name.
 *
 * <p>The result is that of Spark's own {@code left.join(right, keys, kind)}: the keys once and
 * first, then the other columns of the left side, then those of the right. How it is done is
 * decided by {@link Skew}, and told in the plan and in the receipt.
 */
public final class Join {
  private final Kind kind;
  private final Dataset<Row> left;
  private final Dataset<Row> right;
  private final Skew skew;
  private final Optional<Limits> limits;

  private Join(
      Kind kind, Dataset<Row> left, Dataset<Row> right, Skew skew, Optional<Limits> limits) {
    this.kind = kind;
    this.left = left;
    this.right = right;
    this.skew = skew;
    this.limits = limits;
  }

  /** Pairs of rows with the same key. */
  public static Join inner(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.INNER, left, right);
  }

  /** The same, and the rows of the left side that have no match. */
  public static Join left(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.LEFT, left, right);
  }

  /** Pairs of rows with the same key, and the rows of the right side that have no match. */
  public static Join right(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.RIGHT, left, right);
  }

  /** Pairs of rows with the same key, and the rows of both sides that have no match. */
  public static Join full(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.FULL, left, right);
  }

  /** The rows of the left side that have a match. */
  public static Join semi(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.SEMI, left, right);
  }

  /** The rows of the left side that have none. */
  public static Join anti(Dataset<Row> left, Dataset<Row> right) {
    return of(Kind.ANTI, left, right);
  }

  private static Join of(Kind kind, Dataset<Row> left, Dataset<Row> right) {
    return new Join(kind, left, right, Skew.auto(), Optional.empty());
  }

  /** The same join with another answer to hot keys. */
  public Join skew(Skew other) {
    return new Join(kind, left, right, other, limits);
  }

  /** The same join on a machine of which this is known. */
  Join within(Limits known) {
    return new Join(kind, left, right, skew, Optional.of(known));
  }

  /**
   * Joins on columns that both sides have.
   *
   * @throws SluiceException of kind CONFIG where a side has not, where the result would have two
   *     columns of one name, or where the rows cannot be spread as {@link Skew} says
   */
  public Dataset<Row> on(String key, String... more) {
    List<String> names = new ArrayList<>(List.of(key));
    names.addAll(List.of(more));
    Keys keys = new Keys(List.copyOf(names));
    keys.require(kind, left, right);
    Optional<Decision> decision = decide(keys);
    if (decision.isEmpty()) {
      JoinNotes.undecided(kind.word() + " join on " + keys);
      return joined(keys, left, right);
    }
    JoinNotes.decided(told(keys, decision.get()));
    return done(keys, decision.get());
  }

  /** Empty where only rows could tell, and there are none yet. */
  private Optional<Decision> decide(Keys keys) {
    if (skew instanceof Skew.Off) {
      return Optional.of(Decision.plain("the job says so"));
    }
    if (skew instanceof Skew.Salt salt) {
      return Optional.of(asked(keys, salt.parts()));
    }
    if (skew instanceof Skew.Hot) {
      return Optional.of(asked(keys, limits().parts()));
    }
    boolean needsRows = !kind.spreads().isEmpty();
    return needsRows && JoinNotes.isPlanning() ? Optional.empty() : Optional.of(auto(keys));
  }

  private Decision auto(Keys keys) {
    Map<Side, Long> bytes = Map.of(Side.LEFT, Look.bytes(left), Side.RIGHT, Look.bytes(right));
    return Decision.auto(
        new Given(kind, bytes, keys.unlike(left, right), limits()),
        new Looks() {
          @Override
          public Optional<HotKeys> hot(Side side) {
            return Look.at(side(side), keys.names());
          }

          @Override
          public Optional<Double> share(HotKeys hot, Side side) {
            return Look.isRepeatable(left) && Look.isRepeatable(right)
                ? Optional.of(Look.share(side(side), keys.names(), hot))
                : Optional.empty();
          }
        });
  }

  /** What the job has asked for, where that does not change the result. */
  private Decision asked(Keys keys, int parts) {
    Given given = new Given(kind, Map.of(), keys.unlike(left, right), limits());
    given
        .unspreadable()
        .ifPresent(
            reason -> {
              throw SluiceException.config(
                  "Cannot spread the rows of a %s join on %s: %s. Use Skew.auto()",
                  kind.word(), keys, reason);
            });
    if (skew instanceof Skew.Hot && keys.names().size() > 1) {
      throw SluiceException.config(
          "Cannot spread the rows of a %s join on %s: Skew.hot(…) takes values of one column. Use"
              + " Skew.auto() or Skew.salt(…)",
          kind.word(), keys);
    }
    return Decision.salted("the job says so", kind.spreads().get(0), HotKeys.NONE, parts);
  }

  private Receipt.Join told(Keys keys, Decision decision) {
    boolean found = !decision.hot().shares().isEmpty();
    Optional<Integer> hot =
        skew instanceof Skew.Hot named
            ? Optional.of(named.values().size())
            : Optional.of(decision.hot().shares().size()).filter(any -> found);
    return new Receipt.Join(
        keys.names(),
        kind.word(),
        decision.strategy().word(),
        decision.reason(),
        hot,
        decision.largestShare());
  }

  private Dataset<Row> done(Keys keys, Decision decision) {
    return switch (decision.strategy()) {
      case PLAIN -> joined(keys, left, right);
      case BROADCAST ->
          decision.side().orElseThrow() == Side.LEFT
              ? joined(keys, broadcast(left), right)
              : joined(keys, left, broadcast(right));
      case SPLIT -> split(keys, decision);
      case SALTED -> salted(keys, decision);
    };
  }

  /** The rows of hot keys by themselves, and those of all others as Spark joins them. */
  private Dataset<Row> split(Keys keys, Decision decision) {
    Column hot = hot(keys, decision.hot());
    Dataset<Row> others = joined(keys, Parts.of(left, not(hot)), Parts.of(right, not(hot)));
    Dataset<Row> hotLeft = Uncounted.of(left).where(hot);
    Dataset<Row> hotRight = Uncounted.of(right).where(hot);
    return Parts.together(
        others,
        decision.side().orElseThrow() == Side.LEFT
            ? joined(keys, hotLeft, broadcast(hotRight))
            : joined(keys, broadcast(hotLeft), hotRight));
  }

  private Dataset<Row> salted(Keys keys, Decision decision) {
    Column hot = hot(keys, decision.hot());
    int parts = decision.parts();
    List<String> names = new ArrayList<>(keys.names());
    names.add(Salted.PART);
    Keys all = new Keys(names);
    Dataset<Row> rows =
        decision.side().orElseThrow() == Side.LEFT
            ? joined(all, Salted.spread(left, hot, parts), Salted.repeated(right, hot, parts))
            : joined(all, Salted.repeated(left, hot, parts), Salted.spread(right, hot, parts));
    return rows.drop(Salted.PART);
  }

  private Column hot(Keys keys, HotKeys found) {
    if (skew instanceof Skew.Salt) {
      return lit(true);
    }
    Column hash = Salted.hash(keys.names());
    if (skew instanceof Skew.Hot named) {
      DataType type = Keys.type(left, keys.names().get(0));
      return hash.isin(named.values().stream().map(v -> xxhash64(lit(v).cast(type))).toArray());
    }
    return hash.isin(found.shares().keySet().toArray());
  }

  private Dataset<Row> joined(Keys keys, Dataset<Row> one, Dataset<Row> other) {
    return one.join(other, keys.names().toArray(String[]::new), kind.spark());
  }

  private Dataset<Row> side(Side side) {
    return side == Side.LEFT ? left : right;
  }

  private Limits limits() {
    return limits.orElseGet(() -> Limits.of(left.sparkSession()));
  }
}
