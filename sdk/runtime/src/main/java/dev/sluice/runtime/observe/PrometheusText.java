package dev.sluice.runtime.observe;

import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.ObservedRun;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run in Prometheus' text format, version 0.0.4. */
final class PrometheusText {
  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private static final Map<String, String> UNITS = Map.of("s", "_seconds", "By", "_bytes");

  private PrometheusText() {}

  static String of(ObservedRun run) {
    StringBuilder text = new StringBuilder();
    // All lines of a name have to stand together.
    Map<String, List<Figure>> byName =
        run.figures().stream()
            .collect(
                Collectors.groupingBy(
                    PrometheusText::name, LinkedHashMap::new, Collectors.toList()));
    byName.forEach(
        (name, figures) -> {
          head(text, name, figures.get(0).what());
          figures.forEach(figure -> line(text, name, labels(run, figure), figure.text()));
        });
    head(text, "sluice_run_info", "The run that is in this process, and how far it has come.");
    line(text, "sluice_run_info", info(run), "1");
    return text.toString();
  }

  private static String name(Figure figure) {
    return figure.name().replace('.', '_') + figure.unit().map(UNITS::get).orElse("");
  }

  private static Map<String, String> labels(ObservedRun run, Figure figure) {
    Map<String, String> labels = new TreeMap<>(run.attributes());
    labels.putAll(figure.attributes());
    return labels;
  }

  private static Map<String, String> info(ObservedRun run) {
    Map<String, String> labels = new TreeMap<>(run.attributes());
    labels.put("status", run.outcome());
    Optional.of(run.phases())
        .filter(phases -> !phases.isEmpty())
        .map(phases -> phases.get(phases.size() - 1).name())
        .ifPresent(phase -> labels.put("phase", phase));
    return labels;
  }

  private static void head(StringBuilder text, String name, String what) {
    text.append("# HELP ").append(name).append(' ').append(what).append('\n');
    text.append("# TYPE ").append(name).append(" gauge\n");
  }

  private static void line(
      StringBuilder text, String name, Map<String, String> labels, String value) {
    String all =
        labels.entrySet().stream()
            .map(label -> label.getKey() + "=\"" + escaped(label.getValue()) + "\"")
            .collect(Collectors.joining(","));
    text.append(name).append('{').append(all).append("} ").append(value).append('\n');
  }

  private static String escaped(String value) {
    return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
  }
}
