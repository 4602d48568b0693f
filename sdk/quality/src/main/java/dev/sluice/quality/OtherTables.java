package dev.sluice.quality;

import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Finds the tables that a suite names beside the one it checks. */
public interface OtherTables {
  /** No further table is known. */
  OtherTables NONE = name -> Optional.empty();

  /** The rows of the table with this name; empty where there is none. */
  Optional<Dataset<Row>> find(String name);
}
