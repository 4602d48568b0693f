package dev.sluice.quality.history;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Times as the data writes them. */
final class Times {
  private static final List<Function<String, Instant>> FORMS =
      List.of(
          text -> OffsetDateTime.parse(text).toInstant(),
          text -> LocalDateTime.parse(text).toInstant(ZoneOffset.UTC),
          text -> LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC));

  private Times() {}

  /** A date or a time, with or without a zone; without one it is taken as UTC. */
  static Optional<Instant> read(String text) {
    String iso = text.strip().replaceFirst("^(\\d{4}-\\d{2}-\\d{2}) (?=\\d)", "$1T");
    return FORMS.stream().map(form -> read(iso, form)).flatMap(Optional::stream).findFirst();
  }

  private static Optional<Instant> read(String text, Function<String, Instant> form) {
    try {
      return Optional.of(form.apply(text));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
