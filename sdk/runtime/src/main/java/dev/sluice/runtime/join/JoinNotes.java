package dev.sluice.runtime.join;

import dev.sluice.model.Receipt;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What the joins of a job have decided; the engine opens it while the job makes its rows. */
public final class JoinNotes {
  private static final ThreadLocal<JoinNotes> OPEN = new ThreadLocal<>();

  private final boolean planning;
  private final Consumer<String> listener;
  private final List<Receipt.Join> joins = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  private JoinNotes(boolean planning, Consumer<String> listener) {
    this.planning = planning;
    this.listener = listener;
  }

  /** Notes of a job over empty frames: what depends on rows is left open. */
  public static JoinNotes ofPlan() {
    return new JoinNotes(true, line -> {});
  }

  /** Notes of a job over its inputs; each decision is told at once. */
  public static JoinNotes ofRun(Consumer<String> listener) {
    return new JoinNotes(false, listener);
  }

  /** From now on the joins of this thread are noted here. */
  public void open() {
    OPEN.set(this);
  }

  /** From now on they are not. */
  public void close() {
    OPEN.remove();
  }

  /** What was decided, for the receipt. */
  public List<Receipt.Join> joins() {
    return List.copyOf(joins);
  }

  /** The same for people, with what only a run can decide. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  static boolean isPlanning() {
    return OPEN.get() != null && OPEN.get().planning;
  }

  static void undecided(String join) {
    note(join + ": decided when it runs, by the sizes of both sides and by their keys");
  }

  static void decided(Receipt.Join join) {
    if (OPEN.get() != null) {
      OPEN.get().joins.add(join);
    }
    note(
        String.format(
            "%s join on %s: %s, since %s",
            join.kind(), String.join(", ", join.on()), join.strategy(), join.reason()));
  }

  private static void note(String line) {
    JoinNotes notes = OPEN.get();
    if (notes != null) {
      notes.lines.add(line);
      notes.listener.accept(line);
    }
  }
}
