package dev.sluice.runtime.observe;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.model.SettingsType;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an agent of DogStatsD is sent. */
class StatsdObserverTest {

  @Test
  void anAgentIsToldOfARunThatHasEnded() throws Exception {
    try (DatagramSocket agent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      agent.setSoTimeout(60_000);

      observer("127.0.0.1:" + agent.getLocalPort()).ended(ObservedRuns.ended("clean-departures"));

      String tags =
          "|#environment:production,job:clean-departures,outcome:committed,"
              + "%stable:flights.departures";
      assertThat(received(agent).lines())
          .containsExactly(
              "sluice.runs:1|c" + tags.formatted(""),
              "sluice.run.duration:12.25|g" + tags.formatted(""),
              "sluice.rows:27004|g" + tags.formatted("state:read,"),
              "sluice.heap.used:734003200|g" + tags.formatted(""),
              "sluice.rows:26483|g" + tags.formatted("state:written,"));
    }
  }

  @Test
  void whatWouldEndATagIsReplaced() {
    assertThat(StatsdObserver.lines(ObservedRuns.ended("a,job|of #many\nlines")))
        .allMatch(line -> line.contains("job:a_job_of__many_lines,"));
  }

  @Test
  void noDatagramIsLargerThanGoesThroughInOnePiece() {
    List<String> lines =
        IntStream.range(0, 100).mapToObj(i -> "sluice.rows:" + i + "|g|#job:ünïcödé").toList();

    List<String> datagrams = StatsdObserver.datagrams(lines);

    assertThat(datagrams)
        .hasSizeGreaterThan(1)
        .allMatch(each -> each.getBytes(UTF_8).length <= StatsdObserver.LARGEST_DATAGRAM);
    assertThat(String.join("", datagrams).lines()).containsExactlyElementsOf(lines);
  }

  @ParameterizedTest
  @ValueSource(strings = {"agent", "agent:", ":8125", "agent:eight"})
  void anAddressThatIsNoneIsNamed(String address) {
    assertThatThrownBy(() -> observer(address).ended(ObservedRuns.ended("job")))
        .isInstanceOf(IOException.class)
        .hasMessage("metrics.statsd is '" + address + "', and not HOST:PORT");
  }

  private static StatsdObserver observer(String agent) {
    SettingsType type = SettingsType.of(LakeConfig.class);
    Map<String, String> all = new HashMap<>(type.defaults());
    all.put("metrics.statsd", agent);
    LakeConfig config = (LakeConfig) type.bind(all);
    StatsdObserver observer = new StatsdObserver();
    assertThat(observer.isAsked(config, Map.of())).isTrue();
    observer.begun(config, Map.of(), () -> ObservedRuns.going("job"));
    return observer;
  }

  private static String received(DatagramSocket agent) throws IOException {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    agent.receive(packet);
    return new String(packet.getData(), 0, packet.getLength(), UTF_8);
  }
}
