package dev.sluice.quality;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The JSON types that a {@code JsonNode} among the kwargs may be, where scalars are not meant:
 * {@code @JsonTypes({"object", "string"}) JsonNode jsonSchema}. In a list it is about the elements.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface JsonTypes {
  /** Names of JSON Schema: array, boolean, integer, null, number, object, string. */
  String[] value();
}
