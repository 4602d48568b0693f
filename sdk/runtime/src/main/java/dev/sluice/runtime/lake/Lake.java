package dev.sluice.runtime.lake;

import dev.sluice.model.Capability;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Nearest;
import dev.sluice.model.ParentRun;
import dev.sluice.model.Receipt;
import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.spi.CatalogProvider;
import dev.sluice.runtime.spi.Chore;
import dev.sluice.runtime.spi.FileCatalog;
import dev.sluice.runtime.spi.LakeAccess;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.PinnedTable;
import dev.sluice.runtime.spi.TableProvider;
import dev.sluice.runtime.spi.Target;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.CatalogUtil;
import org.apache.iceberg.catalog.Catalog;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Everything that a run needs of the lake; opened lazily, closed with the run. */
public final class Lake implements LakeAccess, AutoCloseable {
  /** The name of the lake's catalog in Spark. */
  public static final String CATALOG = "lake";

  private final LakeConfig config;
  private final String warehouse;
  private final CatalogProvider provider;
  private final Optional<ParquetKeys.Access> keys;
  private final Map<TableFormat, TableProvider> formats = new EnumMap<>(TableFormat.class);
  private Optional<String> logged = Optional.empty();
  private Optional<EventLog> events = Optional.empty();
  private SparkSession spark;
  private Map<String, String> sparkAtStart;
  private Catalog iceberg;
  private FileCatalog files;

  private Lake(LakeConfig config, String warehouse, CatalogProvider provider) {
    this.config = config;
    this.warehouse = warehouse;
    this.provider = provider;
    this.keys = ParquetKeys.open(config);
    for (TableProvider each : ServiceLoader.load(TableProvider.class)) {
      each.formats().forEach(format -> formats.put(format, each));
    }
  }

  /** Opens a lake by its settings, with defaults for those that are absent. */
  public static Lake open(Map<String, String> settings) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> all = new HashMap<>(type.defaults());
    all.putAll(settings);
    return open((LakeConfig) type.bind(all));
  }

  /** Opens a lake, with its keys where it has some; touches neither storage nor catalog yet. */
  public static Lake open(LakeConfig config) {
    Plaintext.require(config, System.getenv());
    KmsOfS3.requireNoAlias(config);
    String warehouse = absolute(config.lakeWarehouse());
    List<String> known = new ArrayList<>();
    for (CatalogProvider provider : ServiceLoader.load(CatalogProvider.class)) {
      if (provider.name().equals(config.lakeCatalog())) {
        return new Lake(config, warehouse, provider);
      }
      known.add(provider.name());
    }
    throw SluiceException.config(
        "Cannot open the lake: there is no catalog '%s'. %s. Correct lake.catalog",
        config.lakeCatalog(), Nearest.hint(config.lakeCatalog(), known));
  }

  @Override
  public LakeConfig config() {
    return config;
  }

  @Override
  public String warehouse() {
    return warehouse;
  }

  /** Lets Spark's event log be kept, as the settings say, once Spark starts for this run. */
  public void logEvents(String runId) {
    logged = Optional.of(runId);
  }

  @Override
  public SparkSession spark() {
    if (spark == null) {
      Map<String, String> catalog = provider.iceberg(config, warehouse);
      events = logged.flatMap(run -> EventLog.open(config, warehouse, this::hadoop, run));
      spark = SparkSessions.start(config, catalog, hadoopSettings(), session());
      sparkAtStart = SparkSessions.settings(spark);
      events.ifPresent(EventLog::begin);
    }
    return spark;
  }

  /**
   * Takes back what a run has left in the Spark session, if one was started, for the next run in
   * this lake; a session that has broken down is left behind.
   */
  public void tidy() {
    if (spark == null) {
      return;
    }
    if (spark.sparkContext().isStopped()) {
      spark = null;
      events.ifPresent(EventLog::end);
      events = Optional.empty();
    } else {
      SparkSessions.tidy(spark, sparkAtStart);
    }
  }

  /** What Spark's history calls the application, and where its log lies; empty without Spark. */
  public Optional<Receipt.SparkFacts> sparkFacts() {
    return Optional.ofNullable(spark)
        .map(session -> session.sparkContext().applicationId())
        .map(id -> new Receipt.SparkFacts(id, events.flatMap(EventLog::address)));
  }

  private Map<String, String> session() {
    Map<String, String> settings = new TreeMap<>();
    events.ifPresent(log -> settings.putAll(log.spark()));
    ParentRun.of(System.getenv()).ifPresent(run -> settings.putAll(run.sparkSettings()));
    new HashSet<>(formats.values())
        .forEach(
            each ->
                each.session()
                    .forEach((key, value) -> settings.merge(key, value, (a, b) -> a + "," + b)));
    return settings;
  }

  /** Where the catalog is, without secrets. */
  public String catalogAddress() {
    return provider.address(config, warehouse);
  }

  /** How this lake's files and its catalog are reached; needs no Spark. */
  @Override
  public Configuration hadoop() {
    Configuration hadoop = new Configuration();
    hadoopSettings().forEach(hadoop::set);
    return hadoop;
  }

  /** Hadoop's configuration where no lake is open: S3 with the credentials that the machine has. */
  public static Configuration hadoopWithoutLake() {
    Configuration hadoop = new Configuration();
    FileIo.S3.forEach(hadoop::set);
    return hadoop;
  }

  private Map<String, String> hadoopSettings() {
    Map<String, String> settings = new HashMap<>(FileIo.hadoop(config));
    settings.putAll(provider.hadoop(config));
    keys.ifPresent(open -> settings.putAll(open.hadoop()));
    return settings;
  }

  /**
   * The target that publishes into a table.
   *
   * @throws SluiceException of kind CONFIG where the table's format is not made for that
   */
  public Target target(Table table, Write write) {
    Capability.require(table, write);
    requireKeys(table);
    table.encrypts().ifPresent(how -> keys.orElseThrow().require(how));
    return provider(table).target(this, table, write);
  }

  /**
   * A step of a table's maintenance.
   *
   * @throws SluiceException of kind CONFIG where the table's format is not made for it
   */
  public Chore chore(Table table, Maintenance step) {
    Capability.require(table, step);
    requireKeys(table);
    if (step instanceof Maintenance.Tiering) {
      StorageTiering.requireS3(this, table);
    }
    return catalogCall(() -> provider(table).chore(this, table, step));
  }

  /** A table as it stands now. */
  public PinnedTable pin(Table table) {
    requireKeys(table);
    return provider(table).pin(this, table);
  }

  private TableProvider provider(Table table) {
    String word = table.format().word();
    return Optional.ofNullable(formats.get(table.format()))
        .orElseThrow(
            () ->
                SluiceException.config(
                    "Cannot use table %s: nothing for tables of %s is in this image. Add the"
                        + " dependency sluice-connect-%s",
                    table.name(), word, word));
  }

  private void requireKeys(Table table) {
    if (table.encrypts().isPresent() && keys.isEmpty()) {
      throw ParquetKeys.missing(table);
    }
  }

  /** A read of a table that the catalog does not have. */
  public static SluiceException missing(Table table) {
    return new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot read table %s: the catalog does not have it. Run the job that writes it first",
            table.name()));
  }

  /** A table as it stood in a snapshot. */
  public PinnedTable pin(Table table, String snapshotId) {
    return provider(table).pin(this, table, snapshotId);
  }

  /** A read of a snapshot that is kept no longer. */
  public static SluiceException expired(Table table, String snapshotId) {
    return new SluiceException(
        ErrorKind.SOURCE,
        String.format(
            "Cannot read table %s as it was in snapshot %s: it has expired. Run without pinned"
                + " inputs",
            table.name(), snapshotId));
  }

  /** The quarantine of a table. */
  public Quarantine quarantine(Table table) {
    return new Quarantine(this, table);
  }

  /** The rows of an Iceberg table by its name; empty where the catalog has none. */
  public Optional<Dataset<Row>> table(String name) {
    String known = CATALOG + "." + name;
    return spark().catalog().tableExists(known)
        ? Optional.of(spark().read().table(known))
        : Optional.empty();
  }

  /** The figures of the runs that wrote a table. */
  public MetricsTable metrics(Table table) {
    return new MetricsTable(this, table);
  }

  /** The tables that are kept beside a table, in the order in which they are maintained. */
  public List<Companion> companions(Table table) {
    return List.of(
        quarantine(table).companion(),
        new Companion(metrics(table).table(), Companion.usual(config)));
  }

  /** The audit log; empty where the lake keeps none. */
  public Optional<AuditLog> audit() {
    String name = config.lakeAuditLog();
    return name.equals("none") ? Optional.empty() : Optional.of(new AuditLog(this, name));
  }

  @Override
  public Catalog iceberg() {
    if (iceberg == null) {
      writable();
      Map<String, String> properties = new HashMap<>(provider.iceberg(config, warehouse));
      String implementation = properties.remove("catalog-impl");
      iceberg =
          catalogCall(
              () -> {
                provider.prepare(config, warehouse);
                return CatalogUtil.loadCatalog(implementation, CATALOG, properties, hadoop());
              });
    }
    return iceberg;
  }

  @Override
  public FileCatalog files() {
    if (files == null) {
      writable();
      files = catalogCall(() -> provider.files(config, warehouse));
    }
    return files;
  }

  @Override
  public <T> T catalogCall(Supplier<T> call) {
    try {
      return call.get();
    } catch (SluiceException e) {
      throw e;
    } catch (RuntimeException e) {
      if (e.getClass().getName().startsWith("org.apache.iceberg.exceptions.Commit")) {
        throw e;
      }
      throw new SluiceException(
          ErrorKind.INFRA,
          String.format(
              "Cannot reach catalog %s at %s: %s. Check the lake.* settings, the network and the"
                  + " credentials, then run again",
              provider.name(), provider.address(config, warehouse), rootMessage(e)),
          e);
    }
  }

  private static String rootMessage(Throwable e) {
    Throwable root = e;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message =
        root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
    return message.lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
  }

  /** A local warehouse is made here, so that one that cannot be made is named before any work. */
  private void writable() {
    if (!warehouse.startsWith("file:")) {
      return;
    }
    Path folder = Path.of(URI.create(warehouse));
    try {
      Files.createDirectories(folder);
      Files.delete(Files.createTempFile(folder, ".sluice", ".probe"));
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot write to the lake at %s: %s. Give this user the right to write there, or set"
                  + " lake.warehouse to another place",
              warehouse, e.getClass().getSimpleName() + " " + e.getMessage()),
          e);
    }
  }

  private static String absolute(String configured) {
    String uri = configured.replaceAll("/+$", "");
    if (uri.startsWith("s3a://")) {
      uri = "s3://" + uri.substring("s3a://".length());
    }
    if (uri.startsWith("s3://")) {
      return uri;
    }
    if (uri.contains("://") && !uri.startsWith("file://")) {
      throw SluiceException.config(
          "Cannot open the lake at %s: only file: and s3: are known. Correct lake.warehouse", uri);
    }
    String path = uri.replaceFirst("^file:(//)?", "");
    return "file://" + Path.of(path).toAbsolutePath().normalize();
  }

  @Override
  public void close() {
    if (files != null) {
      files.close();
    }
    if (iceberg instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        // The run is over and its rows are safe: a connection that will not close is no news.
        System.getLogger(Lake.class.getName()).log(System.Logger.Level.DEBUG, "close", e);
      }
    }
    if (spark != null) {
      spark.stop();
    }
    events.ifPresent(EventLog::end);
    keys.ifPresent(ParquetKeys.Access::close);
  }
}
