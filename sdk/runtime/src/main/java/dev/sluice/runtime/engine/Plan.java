package dev.sluice.runtime.engine;

import java.util.List;

/**
 * What a run would do; made without reading a row.
 *
 * @param job the job's name
 * @param runKey the work that the run would stand for
 * @param alreadyCommitted whether a run with this key has committed, so that a run changes nothing
 * @param destructive what readers of today would lose, one line each
 * @param reads one line for each input
 * @param write where the rows go and how
 * @param joins one line for each join: how it is done and why, or that only a run can tell
 * @param columns name and type of each column of the output
 * @param checks one line for each expectation, with what follows when it fails
 * @param register what would change in the catalog
 * @param warnings what the run can do, and nobody will like
 * @param notChecked what only a run can tell
 */
public record Plan(
    String job,
    String runKey,
    boolean alreadyCommitted,
    List<String> destructive,
    List<String> reads,
    String write,
    List<String> joins,
    List<String> columns,
    List<String> checks,
    List<String> register,
    List<String> warnings,
    List<String> notChecked) {

  /** The plan for people. */
  public String text() {
    StringBuilder text = new StringBuilder();
    text.append("plan of ").append(job).append('\n');
    text.append("run key: ").append(runKey).append('\n');
    if (alreadyCommitted) {
      text.append("already committed: a run would change nothing\n");
    }
    if (!destructive.isEmpty()) {
      section(text, "takes away", destructive);
    }
    section(text, "reads", reads);
    section(text, "writes", List.of(write));
    if (!joins.isEmpty()) {
      section(text, "joins", joins);
    }
    section(text, "columns", columns);
    section(text, "checks", checks);
    section(text, "registers", register.isEmpty() ? List.of("no change") : register);
    if (!warnings.isEmpty()) {
      section(text, "warnings", warnings);
    }
    section(text, "not checked", notChecked);
    return text.toString();
  }

  private static void section(StringBuilder text, String title, List<String> lines) {
    text.append(title).append(":\n");
    lines.forEach(line -> text.append("  ").append(line).append('\n'));
  }
}
