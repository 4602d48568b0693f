package dev.sluice.testkit.contract;

import dev.sluice.model.Capability;
import dev.sluice.model.Sink;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import java.util.LinkedHashMap;
import java.util.Map;

/** What tests of all databases share. */
final class Databases {
  private Databases() {}

  static Map<String, String> settings(Map<String, String> settings, TestDatabase database) {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("jdbc-url", database.url());
    return all;
  }

  static boolean can(Capability capability) {
    return Sink.jdbc("", OrdersLoad.NAME).can(capability);
  }

  static Table orders() {
    return Table.of(TableFormat.ICEBERG, "shop.orders")
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string")
        .partitionedBy("region")
        .key("id");
  }

  /** One of the jobs. */
  static final class Replaces extends OrdersLoad {
    Replaces() {
      super(orders(), Write.replacePartitions());
    }
  }

  /** One of the jobs. */
  static final class Appends extends OrdersLoad {
    Appends() {
      super(orders(), Write.append());
    }
  }

  /** One of the jobs. */
  static final class Merges extends OrdersLoad {
    Merges() {
      super(orders(), Write.upsert());
    }
  }
}
