package dev.sluice.connect.hive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeConfig;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.types.Types;
import org.apache.thrift.transport.TTransportException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How Iceberg's own catalog is set up. */
class HiveCatalogProviderTest {
  private static final TableIdentifier ORDERS = TableIdentifier.of("shop", "orders");
  private final HiveCatalogProvider provider = new HiveCatalogProvider();

  private static LakeConfig config(String uri) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> settings = new HashMap<>(type.defaults());
    settings.put("lake.hive.uri", uri);
    return (LakeConfig) type.bind(settings);
  }

  /** The catalog as a lake opens it. */
  private Catalog open(FakeMetastore metastore, Path folder) {
    LakeConfig config = config(metastore.uri());
    Map<String, String> properties = new HashMap<>(provider.iceberg(config, "file://" + folder));
    Configuration hadoop = new Configuration();
    provider.hadoop(config).forEach(hadoop::set);
    return CatalogUtil.loadCatalog(properties.remove("catalog-impl"), "lake", properties, hadoop);
  }

  @Test
  void aCommitHoldsALock(@TempDir Path folder) throws TTransportException {
    try (FakeMetastore metastore = new FakeMetastore()) {
      Table table = create(open(metastore, folder), folder);
      metastore.calls.clear();

      table.updateProperties().set("key", "value").commit();

      assertThat(metastore.calls).containsExactly("alter_table", "unlock");
    }
  }

  @Test
  void aCommitWhoseAnswerIsLostIsNotSentAgain(@TempDir Path folder) throws TTransportException {
    try (FakeMetastore metastore = new FakeMetastore()) {
      Table table = create(open(metastore, folder), folder);
      metastore.loseTheAnswerTo("alter_table_req");

      // Iceberg asks the metastore what came of it.
      table.updateProperties().set("key", "value").commit();

      assertThat(metastore.count("alter_table")).isEqualTo(1);
      assertThat(open(metastore, folder).loadTable(ORDERS).properties())
          .containsEntry("key", "value");
    }
  }

  private static Table create(Catalog catalog, Path folder) {
    Schema schema =
        new Schema(
            Types.NestedField.optional(1, "id", Types.LongType.get()),
            Types.NestedField.optional(2, "day", Types.DateType.get()));
    return catalog.buildTable(ORDERS, schema).withLocation("file://" + folder + "/orders").create();
  }

  @Test
  void anAddressThatIsNoneIsRefused() {
    assertThatThrownBy(() -> provider.iceberg(config("metastore:9083"), "file:///lake"))
        .isInstanceOf(SluiceException.class)
        .hasMessage(
            "Cannot open catalog hive: its address is 'metastore:9083'. Set lake.hive.uri to"
                + " thrift://HOST:PORT of the metastore");
  }
}
