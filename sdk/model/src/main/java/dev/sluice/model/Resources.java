package dev.sluice.model;

import java.util.regex.Pattern;

/**
 * What one run needs of a machine, in Kubernetes quantities.
 *
 * @param memory the container's memory, heap and all else, such as {@code 2Gi}
 * @param cpu the container's cores, such as {@code 1} or {@code 500m}
 */
public record Resources(String memory, String cpu) {
  private static final Pattern QUANTITY = Pattern.compile("\\d+(\\.\\d+)?(m|Ki|Mi|Gi|Ti)?");

  /** Checks that both are quantities. */
  public Resources {
    for (String quantity : new String[] {memory, cpu}) {
      if (!QUANTITY.matcher(quantity).matches()) {
        throw SluiceException.config(
            "Cannot declare resources: '%s' is not a quantity. Write it like 2Gi or 500m",
            quantity);
      }
    }
  }

  /** What a job gets that asks for nothing: 2 GiB and one core. */
  public static Resources standard() {
    return new Resources("2Gi", "1");
  }
}
