package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * On how many machines a run works: in its own pod alone, or with executors in pods beside it.
 *
 * @param least how many executors it has at least; 0 for none
 * @param most how many it may have while there is work for them; 0 for none
 */
public record Scale(int least, int most) {
  private static final Pattern TEXT =
      Pattern.compile("executors\\((\\d{1,5})(?:\\.\\.(\\d{1,5}))?\\)");

  /** Checks that the bounds are in order. */
  public Scale {
    boolean local = least == 0 && most == 0;
    if (!local && (least < 0 || most < 1 || least > most)) {
      throw SluiceException.config(
          "Cannot scale to executors(%d..%d): the second number is how many there may be, the first"
              + " how many there are at least. Write it like executors(2) or executors(1..8)",
          least, most);
    }
  }

  /** In the run's own pod alone. */
  public static Scale local() {
    return new Scale(0, 0);
  }

  /** With as many executors from begin to end. */
  public static Scale executors(int count) {
    return executors(count, count);
  }

  /** With executors that come and go with the work, within bounds. */
  public static Scale executors(int least, int most) {
    if (most == 0) {
      throw SluiceException.config(
          "Cannot scale to executors(%d..0): these are none. Write local", least);
    }
    return new Scale(least, most);
  }

  /** Reads what {@link #text()} says. */
  @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
  public static Scale parse(String text) {
    if (text.equals("local")) {
      return local();
    }
    Matcher numbers = TEXT.matcher(text);
    if (!numbers.matches()) {
      throw SluiceException.config(
          "Cannot scale to '%s': it is neither local nor a number of executors. Write it like"
              + " executors(2) or executors(1..8)",
          text);
    }
    int least = Integer.parseInt(numbers.group(1));
    return executors(least, numbers.group(2) == null ? least : Integer.parseInt(numbers.group(2)));
  }

  /** The scale in the manifest and in settings: {@code local}, {@code executors(1..8)}. */
  @JsonValue
  public String text() {
    if (isLocal()) {
      return "local";
    }
    return least == most ? "executors(" + most + ")" : "executors(" + least + ".." + most + ")";
  }

  /** Whether there are no executors. */
  public boolean isLocal() {
    return most == 0;
  }

  /** Whether executors come and go. */
  public boolean isDynamic() {
    return least < most;
  }
}
