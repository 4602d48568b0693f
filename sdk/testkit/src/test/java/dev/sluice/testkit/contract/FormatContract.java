package dev.sluice.testkit.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Capability;
import dev.sluice.model.ExitCode;
import dev.sluice.model.Interval;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Table;
import dev.sluice.model.TableFormat;
import dev.sluice.model.Write;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.engine.RunRequest;
import dev.sluice.testkit.JobHarness;
import dev.sluice.testkit.JobResult;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;

/** What the contracts have in common: a table of orders in some format, a month a run. */
abstract class FormatContract {
  static final String HEADER = "id,amount,region";

  final TableFormat format;
  JobHarness job;

  FormatContract(TableFormat format) {
    this.format = format;
  }

  @BeforeEach
  void inbox(JobHarness harness) {
    job = harness.set("inbox", harness.folder().toString());
  }

  /** A job that takes the orders into a table. */
  Job into(Table table, Write write) {
    return Orders.into(table, write);
  }

  /** What messages call the table. */
  String named() {
    return "shop.orders";
  }

  /** The suite by which a negative amount refuses a run. */
  String strictSuite() {
    return "positive";
  }

  /** Whether what is written here has the capability. */
  boolean can(Capability capability) {
    return format.can(capability);
  }

  /** Asserts that a format without a capability has refused, and answers whether it lacks it. */
  boolean lacks(Capability capability, String wanted, JobResult result) {
    return lacks(capability, "shop.orders", wanted, result);
  }

  /** As above, for a table of another name. */
  boolean lacks(Capability capability, String table, String wanted, JobResult result) {
    if (can(capability)) {
      return false;
    }
    assertThat(result.receipt().status()).isEqualTo(Status.FAILED);
    assertThat(result.receipt().exitCode()).contains(ExitCode.CONFIGURATION.value());
    assertThat(result.receipt().error().orElseThrow().message())
        .isEqualTo(
            "Cannot write %s with %s: %s tables cannot %s; those of other formats can: %s. Change"
                + " that, or the table's format",
            table,
            wanted,
            format.word(),
            capability.phrase(),
            String.join(", ", capability.formats()));
    return true;
  }

  Table orders() {
    return orders("shop.orders");
  }

  Table orders(String name) {
    return Table.of(format, name)
        .column("id", "int")
        .column("amount", "double")
        .column("region", "string")
        .partitionedBy("region");
  }

  /** The files with rows of the table, published or not. */
  Set<String> files() {
    Path folder = job.folder().resolve("lake/shop/orders");
    try (Stream<Path> all = Files.walk(folder)) {
      Set<String> names = new TreeSet<>();
      all.filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .filter(name -> !name.startsWith("metadata/") && !name.endsWith(".crc"))
          .forEach(names::add);
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JobResult run(int month, Job orders, String header, String... lines) {
    return delivered(month, header, lines).run(orders);
  }

  /** What the run of a month will read, and that it is the next to run. */
  JobHarness delivered(int month, String header, String... lines) {
    return job.file(
            "orders.csv", Stream.concat(Stream.of(header), Stream.of(lines)).toArray(String[]::new))
        .interval(interval(month));
  }

  RunRequest request(int month, Job orders) {
    return new RunRequest(
        orders.spec().name(),
        Optional.of(Interval.parse(interval(month))),
        settings(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Map.of());
  }

  static String interval(int month) {
    return String.format("2024-%02d-01/2024-%02d-01", month, month + 1);
  }

  Map<String, String> settings() {
    return Map.of(
        "lake.warehouse",
        job.folder().resolve("lake").toUri().toString(),
        "inbox",
        job.folder().toString());
  }
}
