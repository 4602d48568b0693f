package dev.sluice.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What one run needs of machines, in Kubernetes quantities.
 *
 * @param memory the container's memory, heap and all else, such as {@code 2Gi}
 * @param cpu the container's cores, such as {@code 1} or {@code 500m}
 * @param scale whether it has executors in pods beside its own; absent where it has none
 * @param executorMemory an executor's memory, where it is not that of the run's own container
 * @param executorCpu an executor's cores, where they are not those of the run's own container
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Resources(
    String memory,
    String cpu,
    Optional<Scale> scale,
    Optional<String> executorMemory,
    Optional<String> executorCpu) {

  /** Checks that all are quantities. */
  public Resources {
    Stream.of(memory, cpu, executorMemory.orElse("1"), executorCpu.orElse("1"))
        .filter(quantity -> !Quantity.is(quantity))
        .findFirst()
        .ifPresent(
            quantity -> {
              throw SluiceException.config(
                  "Cannot declare resources: '%s' is not a quantity. Write it like 2Gi or 500m",
                  quantity);
            });
  }

  /** Of one container alone. */
  public Resources(String memory, String cpu) {
    this(memory, cpu, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** What a job gets that asks for nothing: 2 GiB and one core. */
  public static Resources standard() {
    return new Resources("2Gi", "1");
  }

  Resources scaled(Scale to) {
    return new Resources(
        memory, cpu, Optional.of(to).filter(s -> !s.isLocal()), executorMemory, executorCpu);
  }

  Resources withExecutorsOf(String executorMemory, String executorCpu) {
    return new Resources(memory, cpu, scale, Optional.of(executorMemory), Optional.of(executorCpu));
  }
}
