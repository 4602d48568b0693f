package dev.sluice.runtime.observe;

import com.google.auto.service.AutoService;
import dev.sluice.runtime.spi.Figure;
import dev.sluice.runtime.spi.LakeConfig;
import dev.sluice.runtime.spi.ObservedRun;
import dev.sluice.runtime.spi.RunObserver;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Tells an agent of DogStatsD of a run that has ended, in datagrams: nobody says whether they
 * arrive.
 */
@AutoService(RunObserver.class)
public final class StatsdObserver implements RunObserver {
  /** What goes through an Ethernet in one piece, as DogStatsD's own clients take it. */
  static final int LARGEST_DATAGRAM = 1432;

  private static final Pattern HOST_PORT = Pattern.compile("(.+):(\\d{1,5})");

  private String agent = "";

  @Override
  public String name() {
    return "DogStatsD";
  }

  @Override
  public boolean isAsked(LakeConfig config, Map<String, String> environment) {
    return !config.metricsStatsd().isEmpty();
  }

  @Override
  public void begun(LakeConfig config, Map<String, String> environment, Supplier<ObservedRun> run) {
    agent = config.metricsStatsd();
  }

  @Override
  public void ended(ObservedRun run) throws IOException {
    InetSocketAddress address = address(agent);
    try (DatagramSocket socket = new DatagramSocket()) {
      for (String datagram : datagrams(lines(run))) {
        byte[] bytes = datagram.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, address));
      }
    }
  }

  private static InetSocketAddress address(String agent) throws UnknownHostException {
    Matcher parts = HOST_PORT.matcher(agent);
    if (!parts.matches()) {
      throw new UnknownHostException("metrics.statsd is '" + agent + "', and not HOST:PORT");
    }
    InetSocketAddress address =
        new InetSocketAddress(parts.group(1), Integer.parseInt(parts.group(2)));
    if (address.isUnresolved()) {
      throw new UnknownHostException(parts.group(1));
    }
    return address;
  }

  static List<String> lines(ObservedRun run) {
    List<String> lines = new ArrayList<>();
    lines.add("sluice.runs:1|c" + tags(run, Map.of()));
    for (Figure figure : run.figures()) {
      lines.add(figure.name() + ":" + figure.text() + "|g" + tags(run, figure.attributes()));
    }
    return lines;
  }

  private static String tags(ObservedRun run, Map<String, String> own) {
    Map<String, String> tags = new TreeMap<>(run.attributes());
    tags.putAll(own);
    tags.put("outcome", run.outcome());
    return tags.entrySet().stream()
        .map(tag -> tag.getKey() + ":" + tag.getValue().replaceAll("[|,#\\s]", "_"))
        .collect(Collectors.joining(",", "|#", ""));
  }

  /** As many lines in each as go in. */
  static List<String> datagrams(List<String> lines) {
    List<String> datagrams = new ArrayList<>();
    StringBuilder next = new StringBuilder();
    int bytes = 0;
    for (String line : lines) {
      int size = line.getBytes(StandardCharsets.UTF_8).length + 1;
      if (bytes > 0 && bytes + size > LARGEST_DATAGRAM) {
        datagrams.add(next.toString());
        next.setLength(0);
        bytes = 0;
      }
      next.append(line).append('\n');
      bytes += size;
    }
    datagrams.add(next.toString());
    return datagrams;
  }
}
