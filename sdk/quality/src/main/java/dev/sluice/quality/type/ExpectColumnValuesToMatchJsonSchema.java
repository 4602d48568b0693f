package dev.sluice.quality.type;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.auto.service.AutoService;
import dev.sluice.quality.Check;
import dev.sluice.quality.ExpectationType;
import dev.sluice.quality.JsonTypes;
import dev.sluice.quality.Scope;
import java.util.Optional;
import org.apache.spark.sql.api.java.UDF1;
import org.everit.json.schema.Schema;
import org.everit.json.schema.SchemaException;
import org.everit.json.schema.ValidationException;
import org.everit.json.schema.loader.SchemaLoader;
import org.json.JSONArray;
import org.json.JSONException;
import org.json.JSONObject;

/** Every text is a JSON document that satisfies a JSON Schema. */
@SuppressWarnings("rawtypes") // a service is found by its raw type
@AutoService(ExpectationType.class)
public final class ExpectColumnValuesToMatchJsonSchema
    implements ExpectationType<ExpectColumnValuesToMatchJsonSchema.Kwargs> {
  /** The arguments, named as in Great Expectations. */
  public record Kwargs(
      String column,
      @JsonTypes({"object", "boolean"}) JsonNode jsonSchema,
      Optional<Double> mostly) {}

  @Override
  public Check compile(Kwargs kwargs, Scope scope) {
    SchemaTest test = new SchemaTest(kwargs.jsonSchema().toString());
    test.load();
    return Texts.passing(new ColumnValues(kwargs.column(), kwargs.mostly()), scope, test);
  }

  /** A schema that each task loads once; draft 7 unless it names an older one. */
  private static final class SchemaTest implements UDF1<String, Boolean> {
    private static final long serialVersionUID = 1L;
    private final String text;
    private transient Schema schema;

    private SchemaTest(String text) {
      this.text = text;
    }

    private void load() {
      try {
        boolean all = text.equals("true");
        JSONObject json =
            all || text.equals("false")
                ? new JSONObject(all ? "{}" : "{\"not\": {}}")
                : new JSONObject(text);
        schema = SchemaLoader.builder().schemaJson(json).draftV7Support().build().load().build();
      } catch (SchemaException | JSONException e) {
        throw new IllegalArgumentException("json_schema is not valid: " + e.getMessage(), e);
      }
    }

    @Override
    public Boolean call(String value) {
      if (schema == null) {
        load();
      }
      return JsonText.parse(value).map(this::satisfies).orElse(false);
    }

    private boolean satisfies(JsonNode node) {
      try {
        // Wrapped, as org.json reads bare texts and numbers more loosely than JSON has them.
        schema.validate(new JSONArray("[" + node + "]").get(0));
        return true;
      } catch (ValidationException e) {
        return false;
      }
    }
  }
}
