package dev.sluice.testkit.contract;

import dev.sluice.model.Receipt;
import dev.sluice.runtime.Job;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * Loads the classes that runs in processes of their own need, so that a JVM that ends can archive
 * them: {@code ci/faults} starts hundreds of such processes.
 */
final class WarmUp {
  private WarmUp() {}

  /** {@code FOLDER}. */
  public static void main(String[] args) throws Exception {
    List<Job> jobs =
        List.of(
            new IcebergFaultTest.Appends(),
            new IcebergFaultTest.Merges(),
            new DeltaFaultTest.Appends(),
            new DeltaFaultTest.Merges(),
            new ParquetFaultTest.Replaces());
    int lake = 0;
    for (Job job : jobs) {
      Path folder = Files.createDirectories(Path.of(args[0], "lake-" + lake++));
      Files.write(
          folder.resolve("orders.csv"), List.of(FormatContract.HEADER, "1,1.5,eu", "2,2.5,us"));
      Map<String, String> settings =
          Map.of("lake.warehouse", folder.resolve("lake").toUri().toString());
      Receipt receipt = Writer.run(settings, folder, job, "2024-01-01/2024-02-01");
      if (receipt.exitCode().orElseThrow() != 0) {
        System.out.println(receipt.full());
        System.exit(1);
      }
    }
    System.exit(0);
  }
}
