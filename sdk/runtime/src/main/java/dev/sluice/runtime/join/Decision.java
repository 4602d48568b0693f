package dev.sluice.runtime.join;

import dev.sluice.runtime.join.Kind.Side;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a join is done, and why.
 *
 * @param side the side whose rows are spread or split, or that is sent to every task
 * @param hot the keys whose rows are spread or not shuffled, where they were looked for
 * @param parts how many parts they are spread over
 * @param largestShare the share that the hottest key has of its side's rows, where it was looked
 *     for
 */
record Decision(
    Strategy strategy,
    String reason,
    Optional<Side> side,
    HotKeys hot,
    int parts,
    Optional<Double> largestShare) {

  /** To read a side twice pays from this share on of its rows, which then need no shuffle. */
  private static final double MOST = 0.5;

  /** What is done. */
  enum Strategy {
    PLAIN,
    BROADCAST,
    SPLIT,
    SALTED;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * The keys that have most rows of a side.
   *
   * @param shares by the hash of the key
   */
  record HotKeys(Map<Long, Double> shares) {
    static final HotKeys NONE = new HotKeys(Map.of());

    double largest() {
      return shares.values().stream().mapToDouble(share -> share).max().orElse(0);
    }

    /** The share of all of them; a sketch tells rather too much than too little. */
    double together() {
      return Math.min(1, shares.values().stream().mapToDouble(share -> share).sum());
    }

    HotKeys above(double least) {
      return new HotKeys(
          shares.entrySet().stream()
              .filter(each -> each.getValue() > least)
              .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }
  }

  /**
   * A join before its keys are looked at.
   *
   * @param bytes what each side has, as far as Spark knows
   * @param obstacle why no side can be spread, though its kind would allow it
   */
  record Given(Kind kind, Map<Side, Long> bytes, Optional<String> obstacle, Limits limits) {

    /** Why rows cannot be spread at all; empty where they can. */
    Optional<String> unspreadable() {
      return kind.spreads().isEmpty()
          ? Optional.of("neither side of a " + kind.word() + " join can be repeated")
          : obstacle;
    }

    /** The larger of the sides that may be spread. */
    Side larger() {
      return kind.spreads().stream().max(Comparator.comparing(bytes::get)).orElseThrow();
    }
  }

  /** What only their rows tell of the sides; empty where that takes more than their keys. */
  interface Looks {
    /** The keys that have most rows of a side. */
    Optional<HotKeys> hot(Side side);

    /**
     * The share of a side's rows that keys have which are hot on the other, where both may be read
     * twice.
     */
    Optional<Double> share(HotKeys keys, Side side);
  }

  static Decision plain(String reason) {
    return plain(reason, Optional.empty());
  }

  private static Decision plain(String reason, Optional<Double> largestShare) {
    return new Decision(Strategy.PLAIN, reason, Optional.empty(), HotKeys.NONE, 1, largestShare);
  }

  static Decision salted(String reason, Side side, HotKeys hot, int parts) {
    return new Decision(
        Strategy.SALTED,
        reason,
        Optional.of(side),
        hot,
        parts,
        hot.shares().isEmpty() ? Optional.empty() : Optional.of(hot.largest()));
  }

  /** Decides by sizes and, where they do not decide, by the keys. */
  static Decision auto(Given given, Looks looks) {
    return broadcast(given)
        .or(() -> given.unspreadable().map(Decision::plain))
        .or(() -> tooSmall(given))
        .orElseGet(() -> byKeys(given, looks));
  }

  private static Optional<Decision> broadcast(Given given) {
    return given.kind().spreads().stream()
        .map(Side::other)
        .min(Comparator.comparing(given.bytes()::get))
        .filter(small -> given.bytes().get(small) <= given.limits().broadcast())
        .map(
            small ->
                new Decision(
                    Strategy.BROADCAST,
                    String.format(
                        Locale.ROOT,
                        "the %s side has %s, and up to %s are sent to every task",
                        small.word(),
                        size(given.bytes().get(small)),
                        size(given.limits().broadcast())),
                    Optional.of(small),
                    HotKeys.NONE,
                    1,
                    Optional.empty()));
  }

  private static Optional<Decision> tooSmall(Given given) {
    long bytes = given.bytes().get(given.larger());
    return bytes >= given.limits().look()
        ? Optional.empty()
        : Optional.of(
            plain(
                String.format(
                    "the %s side has %s, too little to look for hot keys",
                    given.larger().word(), size(bytes))));
  }

  private static Decision byKeys(Given given, Looks looks) {
    Side side = given.larger();
    return looks
        .hot(side)
        .map(keys -> split(given, side, keys, looks).orElseGet(() -> byShares(given, side, keys)))
        .orElseGet(
            () ->
                plain(
                    String.format(
                        "the %s side is more than columns of files: to look at its keys would make"
                            + " it twice",
                        side.word())));
  }

  /** Where few keys have most rows, these need no shuffle. */
  private static Optional<Decision> split(Given given, Side side, HotKeys keys, Looks looks) {
    if (keys.together() < MOST) {
      return Optional.empty();
    }
    Side other = side.other();
    long limit = given.limits().hot();
    return looks
        .share(keys, other)
        .map(share -> (long) (share * given.bytes().get(other)))
        .filter(bytes -> bytes <= limit)
        .map(
            bytes ->
                new Decision(
                    Strategy.SPLIT,
                    String.format(
                        Locale.ROOT,
                        "%d keys have %.1f %% of the %s side: these rows are not shuffled, the %s"
                            + " side's of these keys (%s) are sent to every task",
                        keys.shares().size(),
                        100 * keys.together(),
                        side.word(),
                        other.word(),
                        size(bytes)),
                    Optional.of(side),
                    keys,
                    1,
                    Optional.of(keys.largest())));
  }

  private static Decision byShares(Given given, Side side, HotKeys keys) {
    Limits limits = given.limits();
    double share = keys.largest();
    double fair = 1.0 / limits.cores();
    String told =
        String.format(
            Locale.ROOT, "the hottest key has %.1f %% of the %s side", 100 * share, side.word());
    if (keys.shares().isEmpty()) {
      return plain("no key of the " + side.word() + " side is hot");
    }
    if (share <= fair) {
      return plain(
          told + ", no more than one of " + limits.cores() + " cores does anyway",
          Optional.of(share));
    }
    if (splits(given.bytes().get(side), share, limits)) {
      return plain(told + ", which adaptive execution splits by itself", Optional.of(share));
    }
    int parts = limits.parts();
    return salted(
        told + ": its rows are spread over " + parts + " parts", side, keys.above(fair / 4), parts);
  }

  /** Whether adaptive execution takes the partition of a key with this share for skewed. */
  private static boolean splits(long bytes, double share, Limits limits) {
    double rest = (1 - share) / limits.partitions();
    double partition = share + rest;
    return partition * bytes > limits.split() && partition > limits.splitFactor() * rest;
  }

  private static String size(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / 1048576.0);
  }
}
