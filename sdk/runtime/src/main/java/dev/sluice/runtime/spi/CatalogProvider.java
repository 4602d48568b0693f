package dev.sluice.runtime.spi;

import java.util.Map;

/** A catalog of the lake: of its Iceberg tables, and of its tables of plain files. */
public interface CatalogProvider {

  /** The word in {@code lake.catalog}. */
  String name();

  /**
   * Makes what the catalog must have before it is first opened; idempotent, also for several runs
   * that begin at once.
   */
  default void prepare(LakeConfig config, String warehouse) {}

  /** The properties of Iceberg's own catalog; Spark reads and writes through the same. */
  Map<String, String> iceberg(LakeConfig config, String warehouse);

  /** What the catalog's client reads from Hadoop's configuration. */
  default Map<String, String> hadoop(LakeConfig config) {
    return Map.of();
  }

  /** The catalog of tables that are plain files. */
  FileCatalog files(LakeConfig config, String warehouse);

  /** Where the catalog is, for messages. */
  String address(LakeConfig config, String warehouse);
}
