package dev.sluice.connect.hive;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.ExitCode;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.Guard;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hive.common.StatsSetupConst;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.apache.hadoop.hive.metastore.PartitionDropOptions;
import org.apache.hadoop.hive.metastore.api.AlreadyExistsException;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.EnvironmentContext;
import org.apache.hadoop.hive.metastore.api.GetTableRequest;
import org.apache.hadoop.hive.metastore.api.MetaException;
import org.apache.hadoop.hive.metastore.api.NoSuchObjectException;
import org.apache.hadoop.hive.metastore.api.hive_metastoreConstants;
import org.apache.thrift.TException;
import org.apache.thrift.transport.TTransportException;

/**
 * Tables of plain files in a Hive Metastore.
 *
 * <p>Each call has a connection of its own: a run may work for hours between two of them, which a
 * connection does not always survive.
 */
final class HiveFileCatalog implements FileCatalog {
  /** The most partitions in one message, which is held whole in the memory of both sides. */
  static final int BATCH = 500;

  private final Configuration settings;
  private final String warehouse;

  HiveFileCatalog(Configuration settings, String warehouse) {
    this.settings = settings;
    this.warehouse = warehouse;
  }

  private interface Call<T> {
    T on(HiveMetaStoreClient metastore) throws TException;
  }

  private <T> T call(Table table, Call<T> call) {
    try (HiveMetaStoreClient metastore = new HiveMetaStoreClient(settings)) {
      return answer(table, call, metastore);
    } catch (MetaException e) {
      throw new IllegalStateException(e.getMessage(), e);
    }
  }

  private static <T> T answer(Table table, Call<T> call, HiveMetaStoreClient metastore) {
    try {
      return call.on(metastore);
    } catch (TTransportException e) {
      throw new IllegalStateException("the connection was lost: " + e.getMessage(), e);
    } catch (TException e) {
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot register table %s: the Hive Metastore answers %s. Correct the declaration if"
                  + " it names it, else see the metastore's log and run again",
              table.name(), told(e)),
          e);
    }
  }

  private static String told(TException e) {
    String message = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    return e.getClass().getSimpleName() + ": " + message.replaceAll("[.\\s]+$", "");
  }

  @Override
  public Optional<Entry> find(Table table) {
    return call(table, metastore -> get(metastore, table))
        .map(found -> HiveTables.found(found).entry(table));
  }

  @Override
  public Optional<Table> declaration(String name) {
    Table table = Table.parquet(name);
    return call(table, metastore -> get(metastore, table))
        .map(found -> HiveTables.found(found).declaration(name));
  }

  @Override
  public List<String> words(Table table) {
    return call(table, metastore -> get(metastore, table))
        .map(found -> HiveTables.found(found).words(table))
        .orElse(List.of());
  }

  private static Optional<org.apache.hadoop.hive.metastore.api.Table> get(
      HiveMetaStoreClient metastore, Table table) throws TException {
    try {
      return Optional.of(
          metastore.getTable(new GetTableRequest(table.namespace(), table.shortName())));
    } catch (NoSuchObjectException e) {
      return Optional.empty();
    }
  }

  @Override
  public void put(Table table, Entry entry) {
    Map<String, String> parameters = new LinkedHashMap<>(entry.parameters());
    Optional<String> seen =
        Optional.ofNullable(parameters.put(REVISION, UUID.randomUUID().toString()));
    Entry revised = new Entry(entry.columns(), entry.location(), parameters);
    call(
        table,
        metastore -> {
          var there = get(metastore, table);
          if (there.isEmpty()) {
            create(metastore, table, revised);
          } else if (seen.isPresent() || !there.get().getParameters().containsKey(REVISION)) {
            replace(metastore, table, HiveTables.fill(there.get(), table, revised), seen);
          }
          // Else another run has made the table since the caller looked: its entry stands.
          return null;
        });
  }

  private void create(HiveMetaStoreClient metastore, Table table, Entry entry) throws TException {
    try {
      String folder = warehouse + "/" + table.namespace();
      metastore.createDatabase(new Database(table.namespace(), "", folder, Map.of()));
    } catch (AlreadyExistsException e) {
      // There already, which is all that was wanted.
    }
    var made = HiveTables.fill(new org.apache.hadoop.hive.metastore.api.Table(), table, entry);
    made.setOwner(System.getProperty("user.name"));
    try {
      metastore.createTable(made);
    } catch (AlreadyExistsException e) {
      // Another run was faster with the same declaration.
    }
  }

  private static void replace(
      HiveMetaStoreClient metastore,
      Table table,
      org.apache.hadoop.hive.metastore.api.Table made,
      Optional<String> seen)
      throws TException {
    Map<String, String> context = new HashMap<>(withoutStatistics().getProperties());
    seen.filter(revision -> Guard.REVISION.holds())
        .ifPresent(
            revision -> {
              context.put(hive_metastoreConstants.EXPECTED_PARAMETER_KEY, REVISION);
              context.put(hive_metastoreConstants.EXPECTED_PARAMETER_VALUE, revision);
            });
    try {
      metastore.alter_table_with_environmentContext(
          table.namespace(), table.shortName(), made, new EnvironmentContext(context));
    } catch (MetaException e) {
      if (String.valueOf(e.getMessage()).contains("The table has been modified")) {
        throw new SluiceException(
            ErrorKind.INFRA,
            ExitCode.CONFLICT,
            String.format(
                "Cannot change table %s in the catalog: another run has changed it meanwhile. Run"
                    + " again",
                table.name()),
            e);
      }
      throw e;
    }
  }

  /** The metastore would list every folder to count its files. */
  private static EnvironmentContext withoutStatistics() {
    return new EnvironmentContext(Map.of(StatsSetupConst.DO_NOT_UPDATE_STATS, "true"));
  }

  @Override
  public List<Partition> partitions(Table table) {
    return call(
        table,
        metastore -> {
          List<Partition> found = new ArrayList<>();
          List<String> names =
              metastore.listPartitionNames(table.namespace(), table.shortName(), (short) -1);
          for (List<String> batch : batches(names)) {
            metastore
                .getPartitionsByNames(table.namespace(), table.shortName(), batch)
                .forEach(partition -> found.add(HiveTables.partition(partition)));
          }
          return found;
        });
  }

  @Override
  public void point(Table table, List<Partition> partitions) {
    Entry entry = find(table).orElseThrow();
    call(
        table,
        metastore -> {
          for (List<Partition> batch : batches(partitions)) {
            point(metastore, table, entry, batch);
          }
          return null;
        });
  }

  /** What is there already is not added, and then altered. */
  private static void point(
      HiveMetaStoreClient metastore, Table table, Entry entry, List<Partition> partitions)
      throws TException {
    List<org.apache.hadoop.hive.metastore.api.Partition> rest = new ArrayList<>();
    partitions.forEach(partition -> rest.add(HiveTables.partition(table, entry, partition)));
    Set<List<String>> added = new HashSet<>();
    metastore
        .add_partitions(rest, true, true)
        .forEach(partition -> added.add(partition.getValues()));
    rest.removeIf(partition -> added.contains(partition.getValues()));
    if (!rest.isEmpty()) {
      metastore.alter_partitions(table.namespace(), table.shortName(), rest, withoutStatistics());
    }
  }

  @Override
  public void drop(Table table, List<Partition> partitions) {
    PartitionDropOptions entryAlone =
        PartitionDropOptions.instance().deleteData(false).ifExists(true);
    call(
        table,
        metastore -> {
          // One by one: in one call they are named by an expression that only Hive can evaluate.
          for (Partition partition : partitions) {
            metastore.dropPartition(
                table.namespace(), table.shortName(), partition.values(), entryAlone);
          }
          return null;
        });
  }

  private static <T> List<List<T>> batches(List<T> all) {
    List<List<T>> batches = new ArrayList<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      batches.add(all.subList(from, Math.min(all.size(), from + BATCH)));
    }
    return batches;
  }

  @Override
  public void close() {
    // No connection outlives its call.
  }
}
