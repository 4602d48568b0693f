package dev.sluice.runtime.lake;

import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Which hosts may be reached without TLS: this machine, and those that the settings name. */
public final class Plaintext {
  private static final Pattern THIS_MACHINE =
      Pattern.compile("localhost|127(\\.\\d{1,3}){3}|::1|0:0:0:0:0:0:0:1");

  /** What an address names as its host, with or without scheme, user and port. */
  private static final Pattern HOST =
      Pattern.compile("(?:[A-Za-z0-9+.-]+://)?(?:[^/@]*@)?(?:\\[([^]]*)]|([^:/?]*)).*");

  /** Variables by which the AWS SDK is led elsewhere; what is set in them is no setting of ours. */
  private static final List<String> OF_AWS =
      List.of(
          "AWS_ENDPOINT_URL",
          "AWS_ENDPOINT_URL_GLUE",
          "AWS_ENDPOINT_URL_KMS",
          "AWS_ENDPOINT_URL_S3",
          "AWS_ENDPOINT_URL_STS");

  private Plaintext() {}

  /**
   * Refuses a lake that is reached without TLS.
   *
   * @param environment the process's own
   * @throws SluiceException of kind CONFIG that names the setting and the host
   */
  static void require(LakeConfig config, Map<String, String> environment) {
    addresses(config, environment)
        .forEach(
            (setting, address) -> {
              if (!address.isEmpty() && !address.startsWith("https://")) {
                require(config, setting, Set.of(host(address)), Optional.of("Use https://"));
              }
            });
    for (String address :
        config.lakeHiveUri().split(",", -1)) { // the metastore is spoken to in thrift
      require(config, "lake.hive.uri", Set.of(host(address.strip())), Optional.empty());
    }
  }

  private static Map<String, String> addresses(LakeConfig config, Map<String, String> environment) {
    Map<String, String> addresses = new LinkedHashMap<>();
    addresses.put("lake.glue.endpoint", config.lakeGlueEndpoint());
    addresses.put("lake.kms.endpoint", config.lakeKmsEndpoint());
    addresses.put("lake.rest.uri", config.lakeRestUri());
    addresses.put("lake.rest.oauth2-uri", config.lakeRestOauth2Uri());
    addresses.put("lake.s3.endpoint", config.lakeS3Endpoint());
    Map<String, String> ofAws = new TreeMap<>(environment);
    ofAws.keySet().retainAll(OF_AWS);
    addresses.putAll(ofAws);
    return addresses;
  }

  /**
   * Refuses hosts that would be reached without TLS and are not named.
   *
   * @param what the setting or the sink that leads to them
   * @param tls what to do for them to be reached with TLS; empty where nothing can be done
   * @throws SluiceException of kind CONFIG that names the host
   */
  public static void require(
      LakeConfig config, String what, Set<String> hosts, Optional<String> tls) {
    Set<String> named =
        Arrays.stream(config.securityPlaintext().split(","))
            .map(String::strip)
            .collect(Collectors.toSet());
    for (String host : hosts) {
      boolean known = host.isEmpty() || THIS_MACHINE.matcher(host).matches();
      if (!known && !named.contains(host)) {
        throw SluiceException.config(
            "Cannot use %s: it reaches %s without TLS. %s that host in security.plaintext where nobody"
                + " else listens",
            what, host, tls.map(next -> next + ", or name").orElse("Name"));
      }
    }
  }

  /** The host of an address; the address itself where it has none. */
  static String host(String address) {
    Matcher host = HOST.matcher(address);
    if (!host.matches()) {
      return address;
    }
    return host.group(1) != null ? host.group(1) : host.group(2);
  }
}
