package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.quality.Verdict.Decision;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A run in which every text that comes from outside wants to be more than text. */
final class Hostile {
  static final List<String> TEXTS =
      List.of(
          "<script>document.title = 'owned'</script>",
          "</style><script>alert(1)</script>",
          "\"><img src=x onerror=\"document.title='owned'\">",
          "' onmouseover='alert(1)",
          "</code></td></table></article></main>",
          "<!-- ",
          "]]>",
          "&lt;b&gt; &amp; &#x3c;",
          "javascript:alert(1)",
          "invoice\u202Efdp.exe",
          "a\u2066b\u2069c\u200Fd",
          "nul\u0000bell\u0007del\u007Fnel\u0085",
          "line\nbreak\ttab\rreturn",
          "zero\u200Bwidth\uFEFFmark\u00ADhyphen\u00A0space",
          "half of a pair \uD83D alone",
          "{{constructor}} ${7*7} %s");

  private Hostile() {}

  static PageFacts facts() {
    String all = String.join(" ", TEXTS);
    return new PageFacts(
        all,
        all,
        "it's a 'key' " + all,
        all,
        Decision.REFUSE,
        Optional.of(all),
        new Receipt.Rows(10, 4, 5, 1),
        Optional.of(all),
        Instant.parse("2026-11-23T23:15:00Z"),
        all,
        Optional.of("javascript:alert(1)"),
        Optional.of("https://lake.example/\"onclick=\"alert(1)"));
  }

  static JsonNode validation() {
    List<JsonNode> items = new ArrayList<>();
    for (String status : List.of("failed", "errored", "passed")) {
      TEXTS.forEach(text -> items.add(item(text, status)));
    }
    items.add(item("x".repeat(100_000) + "\uD83D\uDE80", "failed"));
    return SamplePages.suite(String.join(" ", TEXTS), items);
  }

  private static JsonNode item(String text, String status) {
    ObjectNode item = Json.mapper().createObjectNode().put("success", status.equals("passed"));
    ObjectNode config = item.putObject("expectation_config");
    config.put(
        "type", status.equals("passed") ? "expect_" + text : "expect_column_values_to_be_in_set");
    config.put("description", text).put("severity", text);
    ObjectNode kwargs = config.putObject("kwargs").put("column", text).put("row_condition", text);
    kwargs.putArray("value_set").add(text).add(1);
    ObjectNode result = item.putObject("result").put("observed_value", text);
    result.put("unexpected_count", 3).put("element_count", 3);
    result.putObject("details").putObject("mismatched").put(text, text);
    ArrayNode samples = result.putArray("partial_unexpected_list");
    switch (text.length() % 3) {
      case 0 -> samples.add(text).add(text).add("other");
      case 1 -> samples.addArray().add(text).add(2);
      default -> samples.addObject().put(text, text).putNull("other");
    }
    item.putObject("exception_info")
        .put("raised_exception", status.equals("errored"))
        .put("exception_message", text);
    item.putObject("meta")
        .putObject("sluice")
        .put("id", text)
        .put("onFailure", text)
        .put("status", status);
    return item;
  }
}
