package dev.sluice.runtime.join;

import java.util.List;

/** A kind of join, and the sides whose rows may go anywhere as long as the other is repeated. */
enum Kind {
  INNER("inner", "inner"),
  LEFT("left", "left"),
  RIGHT("right", "right"),
  FULL("full", "full"),
  SEMI("semi", "left_semi"),
  ANTI("anti", "left_anti");

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

  Kind(String word, String spark) {
    this.word = word;
    this.spark = spark;
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
    return switch (this) {
      case INNER -> List.of(Side.LEFT, Side.RIGHT);
      case LEFT, SEMI, ANTI -> List.of(Side.LEFT);
      case RIGHT -> List.of(Side.RIGHT);
      case FULL -> List.of();
    };
  }

  /** Whether the result has the columns of both sides. */
  boolean hasBoth() {
    return this != SEMI && this != ANTI;
  }
}
