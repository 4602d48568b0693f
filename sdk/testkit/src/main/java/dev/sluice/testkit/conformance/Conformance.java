package dev.sluice.testkit.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.model.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;

/** Runs cases of Great Expectations through the engine: {@code CASES.jsonl RESULTS.jsonl}. */
public final class Conformance {
  private final Map<String, DataSetLine> dataSets = new LinkedHashMap<>();
  private final Map<String, List<CaseLine>> cases = new LinkedHashMap<>();

  private Conformance() {}

  /** Exits with 0 where every case passes that asserts something, else with 1. */
  public static void main(String[] args) throws IOException {
    if (args.length != 2) {
      System.err.println("Cannot run: two files are needed. Give CASES.jsonl and RESULTS.jsonl");
      System.exit(2);
    }
    SparkSession spark = spark();
    Report report = run(spark, Path.of(args[0]), Path.of(args[1]));
    spark.stop();
    report.print(System.out);
    System.exit(report.conforms() ? 0 : 1);
  }

  /** Answers all cases of a file, and writes the answers. */
  static Report run(SparkSession spark, Path file, Path results) throws IOException {
    Conformance all = new Conformance();
    for (String line : Files.readAllLines(file)) {
      if (!line.isBlank()) {
        all.read(Json.mapper().readTree(line));
      }
    }
    try (PrintWriter out = new PrintWriter(results.toFile(), StandardCharsets.UTF_8)) {
      return all.answer(spark, out);
    }
  }

  private void read(JsonNode line) {
    if (line.path("kind").asText().equals("dataset")) {
      DataSetLine one = DataSetLine.of(line);
      dataSets.put(one.name(), one);
    } else {
      cases
          .computeIfAbsent(line.get("dataset").asText(), name -> new ArrayList<>())
          .add(CaseLine.of(line));
    }
  }

  private Report answer(SparkSession spark, PrintWriter out) {
    Report report = new Report();
    cases.forEach(
        (name, asked) -> {
          DataSetLine data = dataSets.get(name);
          Engine.ask(asked, data.frame(spark), table -> data.table(table, spark, dataSets))
              .forEach(
                  (one, answer) -> {
                    out.println(answer.line(one));
                    report.add(one, answer);
                  });
        });
    return report;
  }

  private static SparkSession spark() {
    return SparkSession.builder()
        .master("local[2]")
        .appName("conformance")
        .config("spark.ui.enabled", "false")
        .config("spark.driver.host", "localhost")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.sql.shuffle.partitions", "2")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.sql.datetime.java8API.enabled", "true")
        .config("spark.sql.catalogImplementation", "in-memory")
        .getOrCreate();
  }
}
