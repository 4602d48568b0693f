package dev.sluice.runtime.join;

import java.util.List;

/** A kind of join, and the sides whose rows may go anywhere as long as the other is repeated. */
enum Kind {
  INNER("inner", "inner", Side.LEFT, Side.RIGHT),
  LEFT("left", "left", Side.LEFT),
  RIGHT("right", "right", Side.RIGHT),
  FULL("full", "full"),
  SEMI("semi", "left_semi", Side.LEFT),
  ANTI("anti", "left_anti", Side.LEFT);

  /** A side of a join. */
  enum Side {
    LEFT,
    RIGHT;

    Side other() {
      return this == LEFT ? RIGHT : LEFT;
    }

    String word() {
      return this == LEFT ? "left" : "right";
    }
  }

  private final String word;
  private final String spark;
  private final List<Side> spreads;

  Kind(String word, String spark, Side... spreads) {
    this.word = word;
    this.spark = spark;
    this.spreads = List.of(spreads);
  }

  String word() {
    return word;
  }

  /** The kind as Spark calls it. */
  String spark() {
    return spark;
  }

  /**
   * The sides whose rows may be spread: each is in the result by itself, so that it does no harm to
   * show it a copy of the other side. A row of the other side that is in the result though nothing
   * matches it would be there once for each copy.
   */
  List<Side> spreads() {
    return spreads;
  }

  /** Whether the result has the columns of both sides. */
  boolean hasBoth() {
    return this != SEMI && this != ANTI;
  }
}
