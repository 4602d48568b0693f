package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.model.Json;
import dev.sluice.quality.Bounds;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.Scope;
import java.util.Optional;

/** The table has so many rows. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectTableRowCountToEqual
    implements ExpectationType<ExpectTableRowCountToEqual.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(Long value) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    JsonNode value = Json.mapper().getNodeFactory().numberNode(kwargs.value());
    Bounds exactly =
        new Bounds(Optional.of(value), Optional.of(value), Optional.empty(), Optional.empty());
    return Aggregates.between(Aggregates.rows(scope), exactly);
  }
}
