package dev.sluice.runtime.spi;

import dev.sluice.model.Table;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.SparkSession;

/** What a table's format needs of the lake. */
public interface LakeAccess {

  /** The session that all reads and writes of this lake go through; started when first asked. */
  SparkSession spark();

  /** How this lake's files are reached; needs no Spark. */
  Configuration hadoop();

  /** Where the lake is and how it is reached. */
  LakeConfig config();

  /** The root folder of all tables, absolute, without a slash at the end. */
  String warehouse();

  /** The root folder of a table. */
  default String location(Table table) {
    return warehouse() + "/" + table.namespace() + "/" + table.shortName();
  }

  /** The catalog of Iceberg tables. */
  Catalog iceberg();

  /** The catalog of tables that are plain files. */
  FileCatalog files();

  /** Runs a call on a catalog; what fails there is named as such. */
  <T> T catalogCall(Supplier<T> call);
}
