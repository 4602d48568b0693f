package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.model.SluiceException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PlanMessageTest {
  private static final Map<String, String> ENVIRONMENT = Map.of("SLUICE_RUN_TOKEN", "the-token");
  private static final String LOST = "drop column seats int (breaks readers of the column)";

  private static Plan plan(List<String> columns, List<String> lost) {
    return new Plan(
        "load-orders",
        "load-orders/shop.orders/all",
        false,
        lost,
        List.of("orders: csv file:///raw/orders.csv"),
        "shop.orders (append) at file:///lake/shop/orders",
        List.of("left join on id: plain, since the job says so"),
        columns,
        List.of(),
        lost,
        List.of(),
        List.of("the rows themselves: checks run while they are written"));
  }

  private static List<String> lines(String line, int count) {
    return IntStream.range(0, count).mapToObj(i -> line + i).toList();
  }

  @Test
  void aPlanIsLeftWholeAndForItsRun() {
    Plan plan = plan(List.of("id int"), List.of(LOST));

    String message = PlanMessage.of(plan, ENVIRONMENT);

    assertThat(message)
        .isEqualTo(
            "{\"plan_version\":\"1.0\",\"job\":\"load-orders\",\"run_token\":\"the-token\","
                + "\"exit_code\":0,\"plan\":"
                + Json.line(plan)
                + "}");
    assertThat(Json.line(plan)).contains("\"destructive\":[\"" + LOST + "\"]");
  }

  @Test
  void whatIsLostOutlastsWhatStays() {
    String message = PlanMessage.of(plan(lines("column", 1000), List.of(LOST)), ENVIRONMENT);

    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(Receipt.BRIEF_BYTES);
    assertThat(message)
        .contains("\"column11\",\"… and 988 more in the log\"]")
        .contains("\"destructive\":[\"" + LOST + "\"]");
  }

  @Test
  void theLongestPlanFitsAndSaysThatItIsCut() {
    List<String> lost = lines("列".repeat(500), 1000);

    String message = PlanMessage.of(plan(lost, lost), ENVIRONMENT);

    assertThat(message.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(Receipt.BRIEF_BYTES);
    assertThat(message)
        .contains("\"destructive\":[\"" + "列".repeat(80) + "…\"")
        .contains("… and 997 more in the log");
  }

  @Test
  void aPlanThatIsNoneSaysWhy() {
    SluiceException refused = SluiceException.config("Cannot find %s. Set it", "x".repeat(2000));

    String message = PlanMessage.of(refused, "load-orders", ENVIRONMENT);

    assertThat(message)
        .startsWith(
            "{\"plan_version\":\"1.0\",\"job\":\"load-orders\",\"run_token\":\"the-token\","
                + "\"exit_code\":2,\"error\":{\"kind\":\"CONFIG\",\"phase\":\"plan\",\"message\":\"Cannot find xxx")
        .endsWith("x…\",\"retryable\":false,\"stack\":[]}}");
    assertThat(message).hasSizeLessThan(1700);
  }
}
