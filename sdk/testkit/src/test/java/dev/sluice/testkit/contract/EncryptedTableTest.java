package dev.sluice.testkit.contract;

import static dev.sluice.testkit.SluiceAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.Encryption;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Interval;
import dev.sluice.model.Json;
import dev.sluice.model.Maintenance;
import dev.sluice.model.Receipt;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.Planner;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.runtime.lake.Lake;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import dev.sluice.testkit.SluiceTest;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.crypto.spec.SecretKeySpec;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kms.KmsClient;

/** What an encrypted table shows to whom. */
@SluiceTest
class EncryptedTableTest {
  private static final String HEADER = "id,note";
  private static final String NOTE = "zebra-of-the-north";
  private static final String PASSWORD = "wildebeest-7";
  private static final byte[] FOOTER = key("the key of the footer, 32 bytes!");
  private static final byte[] NOTES = key("the key of the notes, 32 bytes !");

  private static final Encryption KEYS_OF_FOOTER = Encryption.with("lake-footer");
  private static final Encryption KEYS = Encryption.with("lake-footer").column("note", "notes");

  private JobHarness job;

  @BeforeEach
  void inbox(JobHarness harness) throws Exception {
    job = harness.set("inbox", harness.folder().toString()).interval(FormatContract.interval(1));
    keystore(Map.of("lake-footer", FOOTER, "notes", NOTES));
    job.file("orders.csv", HEADER, "1," + NOTE, "2,other");
  }

  private static byte[] key(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private void keystore(Map<String, byte[]> keys) throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    for (Map.Entry<String, byte[]> key : keys.entrySet()) {
      store.setEntry(
          key.getKey(),
          new KeyStore.SecretKeyEntry(new SecretKeySpec(key.getValue(), "AES")),
          new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
    }
    Path file = job.folder().resolve("keys.p12");
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    job.set("lake.keys", "keystore");
    job.set("lake.keys.keystore", file.toString()).set("lake.keys.password", PASSWORD);
  }

  private static Table table(TableFormat format, String name) {
    return Table.of(format, name).column("id", "int").column("note", "string");
  }

  private static Table orders() {
    return table(TableFormat.PARQUET, "shop.orders").encrypted(KEYS);
  }

  private static Table copies() {
    return table(TableFormat.PARQUET, "shop.copies").encrypted(KEYS_OF_FOOTER);
  }

  @Test
  void whoHasTheKeysReadsWhatWasWritten() throws IOException {
    JobResult written = job.run(Orders.into(orders(), Write.replaceTable()));
    JobResult copied = job.run(new Copies(orders(), copies()));

    assertThat(written).committed().published(HEADER, "1," + NOTE, "2,other");
    assertThat(copied).committed().published(HEADER, "1," + NOTE, "2,other");
    for (Path file : parquet("shop/orders")) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
          .startsWith("PARE")
          .endsWith("PARE");
    }
  }

  @Test
  void nothingOfItLiesOpen() throws IOException {
    Orders into = Orders.into(orders().checkedBy("note_is_short"), Write.replaceTable());
    String plan = Json.pretty(Planner.plan(request(into), into));
    JobResult written = job.run(into);
    job.run(new Copies(orders(), copies()));

    assertThat(written).committed();
    List<String> secrets =
        List.of(
            NOTE,
            PASSWORD,
            new String(NOTES, StandardCharsets.US_ASCII),
            Base64.getEncoder().encodeToString(NOTES),
            HexFormat.of().formatHex(NOTES));
    String receipt = Json.pretty(written.receipt());
    assertThat(receipt).contains("\"lake.keys.password\"").doesNotContain(secrets);
    assertThat(plan).doesNotContain(secrets);
    try (Stream<Path> all = Files.walk(job.folder().resolve("lake"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
            .as(file.toString())
            .doesNotContain(secrets);
      }
    }
  }

  @Test
  void withoutKeysNobodyReadsIt() throws IOException {
    job.run(Orders.into(orders(), Write.replaceTable()));
    String file = parquet("shop/orders").get(0).toString();
    try (Lake keyless = Lake.open(Map.of("lake.warehouse", warehouse()))) {
      Dataset<Row> rows = keyless.spark().read().schema("id INT, note STRING").parquet(file);
      assertThatThrownBy(rows::collectAsList)
          .hasStackTraceContaining("Trying to read file with encrypted footer. No keys available");
    }

    JobResult result = job.set("lake.keys", "").run(new Copies(orders(), copies()));

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because(
            "Cannot use table shop.copies: its files are encrypted, and the lake has no keys. Set"
                + " lake.keys to keystore or aws-kms");
  }

  @Test
  void aKeyThatIsMissingIsNamed() throws Exception {
    keystore(Map.of("lake-footer", FOOTER));

    JobResult result = job.run(Orders.into(orders(), Write.replaceTable()));

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because("Cannot use key 'notes': keystore '" + job.folder() + "/keys.p12' has no AES key");
    assertThat(parquet("shop/orders")).isEmpty();
  }

  @Test
  void whoHasOnlyTheFootersKeyReadsTheOtherColumns() throws Exception {
    job.run(Orders.into(orders(), Write.replaceTable()));
    keystore(Map.of("lake-footer", FOOTER));
    Table ids = Table.parquet("shop.orders").column("id", "int").encrypted(KEYS_OF_FOOTER);

    assertThat(job.run(new Copies(ids, copies().withColumns(ids.columns()))))
        .committed()
        .published("id", "1", "2");

    assertThat(job.interval(FormatContract.interval(2)).run(new Copies(orders(), copies())))
        .failed()
        .of(ErrorKind.CONFIG)
        .because("Cannot use key 'notes': keystore '");
  }

  @Test
  void anotherKeyOfThatNameIsToldApart() throws Exception {
    job.run(Orders.into(orders(), Write.replaceTable()));
    keystore(Map.of("lake-footer", FOOTER, "notes", key("another key of notes, 32 bytes !")));

    JobResult result = job.run(new Copies(orders(), copies()));

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because("Cannot decrypt with key 'notes': the one of that name in keystore '");
  }

  @Test
  void whatIsCompactedStaysEncrypted() throws IOException {
    Table kept = orders().maintenance(Maintenance.compact());
    Orders into = Orders.into(kept, Write.replaceTable());
    job.run(into);

    Receipt receipt = job.maintain(into);

    assertThat(receipt.error()).isEmpty();
    for (Path file : parquet("shop/orders")) {
      assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).endsWith("PARE");
    }
  }

  @Test
  void whatWouldLieInAQuarantineIsRefused() {
    Table checked = orders().checkedBy("note_leaves");

    JobResult result = job.run(Orders.into(checked, Write.replaceTable()));

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because("suite note_leaves sends rows to quarantine, which is not encrypted");
    job.file("orders.csv", HEADER, "1," + NOTE, "x,other");
    assertThat(job.run(Orders.into(orders(), Write.replaceTable())))
        .refused()
        .of(ErrorKind.DATA)
        .because("cannot be read: column 'id': it is not a whole number");
  }

  @Test
  void aKeystoreThatDoesNotOpenIsNamed() {
    JobResult result =
        job.set("lake.keys.password", "another").run(Orders.into(orders(), Write.replaceTable()));

    assertThat(result)
        .failed()
        .of(ErrorKind.CONFIG)
        .because("Cannot open keystore '" + job.folder() + "/keys.p12': ")
        .because("Failed PKCS12 integrity checking. Check lake.keys.keystore and lake.keys.pass");
  }

  @Test
  void otherFormatsAreRefused() {
    Table iceberg = table(TableFormat.ICEBERG, "shop.orders").encrypted(KEYS);

    assertThat(job.run(Orders.into(iceberg, Write.replaceTable())))
        .failed()
        .of(ErrorKind.CONFIG)
        .because(
            "Cannot write shop.orders with encryption: iceberg tables cannot be encrypted; those of"
                + " other formats can: parquet. Change that, or the table's format");
  }

  /** {@code ci/chain/test_encryption.py} lets another engine read it, with the keys and without. */
  @Test
  void otherEnginesAreToRead() throws IOException {
    Path folder = Path.of("target/readers/encrypted").toAbsolutePath();
    ReadersTest.empty(folder);
    job.set("lake.warehouse", folder.toUri().toString());

    assertThat(job.run(Orders.into(orders(), Write.replaceTable()))).committed();

    Map<String, String> keys =
        Map.of(
            "lake-footer", Base64.getEncoder().encodeToString(FOOTER),
            "notes", Base64.getEncoder().encodeToString(NOTES));
    Files.writeString(folder.resolve("keys.json"), Json.pretty(keys));
  }

  @Test
  @EnabledIfEnvironmentVariable(named = TestBucket.AWS, matches = ".+")
  void keysMayStayInAwsKms() {
    String endpoint = System.getenv(TestBucket.AWS);
    job.set("lake.keys", "aws-kms").set("lake.kms.endpoint", endpoint);
    try (KmsClient kms =
        KmsClient.builder()
            .region(Region.US_EAST_1)
            .endpointOverride(URI.create(endpoint))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      String id = kms.createKey().keyMetadata().keyId();
      Table orders =
          table(TableFormat.PARQUET, "shop.orders")
              .encrypted(Encryption.with(id).column("note", id));
      Table copies = table(TableFormat.PARQUET, "shop.copies").encrypted(Encryption.with(id));
      job.run(Orders.into(orders, Write.replaceTable()));

      assertThat(job.run(new Copies(orders, copies)))
          .committed()
          .published(HEADER, "1," + NOTE, "2,other");

      Table away = orders.encrypted(Encryption.with("not-a-key"));
      assertThat(job.interval(FormatContract.interval(2)).run(new Copies(orders, away)))
          .failed()
          .of(ErrorKind.CONFIG)
          .because("Cannot encrypt with key 'not-a-key' of AWS KMS: ");
    }
  }

  private RunRequest request(Job into) {
    Map<String, String> settings = new HashMap<>();
    settings.put("inbox", job.folder().toString());
    settings.put("lake.warehouse", warehouse());
    settings.put("lake.keys", "keystore");
    settings.put("lake.keys.keystore", job.folder().resolve("keys.p12").toString());
    settings.put("lake.keys.password", PASSWORD);
    return new RunRequest(
        into.spec().name(),
        Optional.of(Interval.parse(FormatContract.interval(1))),
        settings,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  private String warehouse() {
    return job.folder().resolve("lake").toUri().toString();
  }

  private List<Path> parquet(String table) throws IOException {
    Path folder = job.folder().resolve("lake").resolve(table);
    if (!Files.exists(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder)) {
      return files
          .filter(path -> path.toString().endsWith(".parquet"))
          .filter(path -> !path.getFileName().toString().startsWith("."))
          .toList();
    }
  }
}
