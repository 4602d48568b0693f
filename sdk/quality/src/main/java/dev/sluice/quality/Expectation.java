package dev.sluice.quality;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.condition.Condition;
import java.util.Optional;

/**
 * One check of a suite.
 *
 * @param id what reasons and results call it; unique in its suite
 * @param type its type
 * @param kwargs its arguments, valid by the type's schema: parameters are values, and what was null
 *     is absent
 * @param severity how much it matters
 * @param onFailure what the suite says to do; empty for the default of its kind
 * @param node the expectation in its 1.x form, as it is returned in the result
 * @param condition the rows it asks about; empty for all
 * @param resultFormat how much its result tells
 * @param duplicates which rows it blames where it is a key check
 */
public record Expectation(
    String id,
    ExpectationType<?> type,
    JsonNode kwargs,
    Severity severity,
    Optional<OnFailure> onFailure,
    JsonNode node,
    Optional<Condition> condition,
    ResultFormat resultFormat,
    Duplicates duplicates) {}
