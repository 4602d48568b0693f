package dev.sluice.quality.condition;

/** Whose words a condition is written in. */
enum Dialect {
  /** Columns are {@code col("name")}. */
  GREAT_EXPECTATIONS("col(\"name\")"),
  /** Columns are bare names, or names in backticks. */
  PANDAS("a column name");

  private final String column;

  Dialect(String column) {
    this.column = column;
  }

  /** How a column is written, for messages. */
  String column() {
    return column;
  }
}
