package dev.sluice.runtime.engine;

import dev.sluice.model.Receipt;
import dev.sluice.model.Receipt.Status;
import dev.sluice.model.Secret;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.lake.Lake;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Does again what an earlier run did: its settings, its interval and what it has read. */
public final class Repro {
  private Repro() {}

  /** What the run is to read again, by its name; nothing where it was not asked for. */
  static Map<String, Receipt.Input> inputs(RunRequest request, Lake lake) {
    Map<String, Receipt.Input> inputs = new LinkedHashMap<>();
    request
        .inputs()
        .map(uri -> receipt(uri, request.job(), lake))
        .flatMap(Receipt::inputs)
        .ifPresent(pinned -> pinned.forEach(input -> inputs.put(input.name(), input)));
    return inputs;
  }

  private static Receipt receipt(String uri, String job, Lake lake) {
    String text;
    try {
      text = Documents.text(uri, lake.hadoop());
    } catch (IOException | IllegalArgumentException e) {
      throw SluiceException.config(
          "Cannot read the inputs of receipt %s: %s. Correct --inputs", uri, e.getMessage());
    }
    Receipt receipt =
        Receipt.parse(text)
            .orElseThrow(
                () ->
                    SluiceException.config(
                        "Cannot read the inputs of receipt %s: it is none. Correct --inputs", uri));
    if (!receipt.job().equals(job)) {
      throw SluiceException.config(
          "Cannot run %s on the inputs of receipt %s: it is one of job %s. Correct --inputs",
          job, uri, receipt.job());
    }
    receipt
        .range()
        .ifPresent(
            range -> {
              throw SluiceException.config(
                  "Cannot run %s on the inputs of receipt %s: it is one of a range, and each part has"
                      + " read its own. Name the receipt of a part",
                  job, uri);
            });
    return receipt;
  }

  /** The command that does a run again, after comments on what it cannot do. */
  public static List<String> command(Receipt receipt) {
    List<String> lines = new ArrayList<>();
    if (receipt.status() == Status.COMMITTED || receipt.status() == Status.ALREADY_COMMITTED) {
      lines.add(
          "# Its rows are published: into the same lake this ends as already committed. Set"
              + " lake.warehouse to write elsewhere.");
    }
    if (receipt.inputs().isEmpty()) {
      lines.add("# It ended before it had read anything: inputs are read as they are now.");
    }
    receipt.inputs().stream()
        .flatMap(List::stream)
        .filter(input -> input.snapshotId().isEmpty() && input.files().isEmpty())
        .forEach(
            input ->
                lines.add("# " + input.name() + " keeps no snapshots: it is read as it is now."));
    List<String> words = new ArrayList<>(List.of("run", receipt.job()));
    receipt
        .interval()
        .ifPresent(interval -> words.addAll(List.of("--interval", interval.toString())));
    receipt
        .settings()
        .orElse(Map.of())
        .forEach(
            (key, value) -> {
              if (value.equals(Secret.HIDDEN)) {
                lines.add("# " + key + " is a secret: give it as it was given then.");
              } else if (!value.isEmpty()) {
                words.addAll(List.of("--set", key + "=" + value));
              }
            });
    Optional<String> pinned = receipt.inputs().flatMap(inputs -> receipt.receiptUri());
    pinned.ifPresent(uri -> words.addAll(List.of("--inputs", uri)));
    lines.add(String.join(" ", words.stream().map(Repro::quoted).toList()));
    return lines;
  }

  private static String quoted(String word) {
    return word.matches("[A-Za-z0-9_./:=@%+,-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
  }
}
