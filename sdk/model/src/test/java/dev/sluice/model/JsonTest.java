package dev.sluice.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  private record Facts(
      String runKey, Optional<String> snapshotId, Instant startedAt, String absent) {}

  private record Login(String user, Secret jdbcPassword) {}

  @Test
  void writesSnakeCaseIsoTimesAndNothingForTheAbsent() {
    Facts facts = new Facts("a", Optional.empty(), Instant.parse("2026-01-01T00:00:00Z"), null);

    assertThat(Json.line(facts))
        .isEqualTo("{\"run_key\":\"a\",\"started_at\":\"2026-01-01T00:00:00Z\"}");
  }

  @Test
  void keepsTheNullsOfMaps() {
    Map<String, Object> result = new HashMap<>();
    result.put("observed_value", null);

    assertThat(Json.line(result)).isEqualTo("{\"observed_value\":null}");
    assertThat(Json.line(Optional.of(result))).isEqualTo("{\"observed_value\":null}");
  }

  @Test
  void neverShowsASecret() {
    Login login = new Login("sluice", new Secret("hunter2"));

    assertThat(Json.line(login)).isEqualTo("{\"user\":\"sluice\",\"jdbc_password\":\"***\"}");
    assertThat(Json.pretty(Map.of("login", login))).doesNotContain("hunter2");
    assertThat(login.toString()).doesNotContain("hunter2").contains("***");
  }

  @Test
  void namesTheClassThatItCannotWrite() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.line(new Object()))
        .withMessage("not representable as JSON: class java.lang.Object");
  }
}
