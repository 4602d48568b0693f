package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.quality.history.AnomalyRule;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A named list of expectations, in the form of Great Expectations 1.x.
 *
 * @param name its name
 * @param quarantineLimit how many rows an expectation without {@code mostly} may send to quarantine
 *     before the run is refused
 * @param badInputLimit the share of rows, 0 to 1, that may be unreadable
 * @param expectations its checks
 * @param warnings what was left out or read in another way than it stands in the file
 * @param fingerprint the same for suites that ask the same: hex digits of a hash
 * @param resultFormat how much results tell where an expectation does not say
 * @param sensitive the columns whose values nobody may see in results
 * @param anomalies the rules that compare a run with earlier ones
 * @param parameters the values that {@code $PARAMETER} stands for
 * @param meta what stands in {@code meta}, as it stands there
 */
public record Suite(
    String name,
    Limit quarantineLimit,
    double badInputLimit,
    List<Expectation> expectations,
    List<String> warnings,
    String fingerprint,
    ResultFormat resultFormat,
    List<String> sensitive,
    List<AnomalyRule> anomalies,
    Map<String, JsonNode> parameters,
    JsonNode meta) {

  /** The share that holds where a suite names none. */
  public static final double DEFAULT_LIMIT = 0.05;

  /** Copies the lists. */
  public Suite {
    expectations = List.copyOf(expectations);
    warnings = List.copyOf(warnings);
    sensitive = List.copyOf(sensitive);
    anomalies = List.copyOf(anomalies);
    parameters = Map.copyOf(parameters);
  }

  /** The same suite with other expectations. */
  public Suite asking(List<Expectation> others) {
    return new Suite(
        name,
        quarantineLimit,
        badInputLimit,
        others,
        warnings,
        fingerprint,
        resultFormat,
        sensitive,
        anomalies,
        parameters,
        meta);
  }

  /** The same suite, in whose results nobody may see values of these columns either. */
  public Suite hiding(List<String> columns) {
    List<String> all = Stream.concat(sensitive.stream(), columns.stream()).distinct().toList();
    return new Suite(
        name,
        quarantineLimit,
        badInputLimit,
        expectations,
        warnings,
        fingerprint,
        resultFormat,
        all,
        anomalies,
        parameters,
        meta);
  }

  /** A suite that asks nothing, for a job that has none. */
  public static Suite empty() {
    return new Suite(
        "",
        Limit.usual(),
        DEFAULT_LIMIT,
        List.of(),
        List.of(),
        "",
        ResultFormat.DEFAULT,
        List.of(),
        List.of(),
        Map.of(),
        JsonNodeFactory.instance.objectNode());
  }
}
