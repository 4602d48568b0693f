package dev.sluice.connect.jdbc;

import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a JDBC address may say: by kind of database, its form and its properties.
 *
 * <p>A driver's properties load classes, read files, run SQL and open other connections. Only those
 * are let through that are known to do none of that.
 */
record JdbcAddress(String kind, String place, String properties) {

  /**
   * A kind of database.
   *
   * @param place the form of what stands between the kind and the properties
   * @param properties the names of properties that may be set
   * @param tls what a property says that leaves no connection without TLS
   */
  private record Kind(Pattern place, Set<String> properties, Pattern tls) {}

  /** One or more hosts with ports, then the database; no parentheses, no escapes. */
  private static final Pattern SERVER =
      Pattern.compile("//[A-Za-z0-9.:,_\\[\\]-]+/[A-Za-z0-9_.-]+");

  private static final Map<String, Kind> KINDS =
      Map.of(
          "postgresql",
          new Kind(
              SERVER,
              Set.of(
                  "user",
                  "password",
                  "ssl",
                  "sslmode",
                  "sslrootcert",
                  "channelBinding",
                  "gssEncMode",
                  "connectTimeout",
                  "loginTimeout",
                  "socketTimeout",
                  "tcpKeepAlive",
                  "currentSchema",
                  "targetServerType",
                  "ApplicationName",
                  "reWriteBatchedInserts"),
              // The driver goes by the last one, and without any it takes what the server offers.
              Pattern.compile("sslmode=(require|verify-ca|verify-full)")),
          "mariadb",
          new Kind(
              SERVER,
              Set.of(
                  "user",
                  "password",
                  "sslMode",
                  "serverSslCert",
                  "connectTimeout",
                  "socketTimeout",
                  "tcpKeepAlive",
                  "rewriteBatchedStatements",
                  "useBulkStmts"),
              Pattern.compile("sslMode=(trust|verify-ca|verify-full)")),
          "sqlite",
          new Kind(
              // A path, and nothing that the driver fetches or unpacks first.
              Pattern.compile("(?!:resource:|file:)[^?;%]+"),
              Set.of("busy_timeout", "journal_mode", "synchronous", "foreign_keys"),
              Pattern.compile("")));

  private static final Pattern ADDRESS =
      Pattern.compile("jdbc:([a-z0-9]+):([^?]*)(?:\\?(.*))?", Pattern.DOTALL);

  /**
   * Reads an address.
   *
   * @throws SluiceException of kind CONFIG that names what is not allowed, never a value
   */
  static JdbcAddress parse(String uri) {
    Matcher parts = ADDRESS.matcher(uri);
    if (!parts.matches() || !KINDS.containsKey(parts.group(1))) {
      throw SluiceException.config(
          "Cannot use a database: its address does not begin with jdbc: and a known kind. Known:"
              + " %s. Correct the setting that holds it",
          String.join(", ", KINDS.keySet().stream().sorted().toList()));
    }
    JdbcAddress address =
        new JdbcAddress(
            parts.group(1), parts.group(2), Optional.ofNullable(parts.group(3)).orElse(""));
    Kind kind = KINDS.get(address.kind());
    if (!kind.place().matcher(address.place()).matches()) {
      throw SluiceException.config(
          "Cannot use a database of kind %s: its address is not of the form %s. Correct the setting"
              + " that holds it",
          address.kind(),
          address.kind().equals("sqlite") ? "jdbc:sqlite:PATH" : "jdbc:KIND://HOST:PORT/DATABASE");
    }
    address.requireAllowed(kind.properties());
    return address;
  }

  /** The hosts that are reached without TLS; none where it is asked for, or nothing is reached. */
  Set<String> plainHosts() {
    Kind known = KINDS.get(kind);
    if (known.place() != SERVER || isTls(known.tls())) {
      return Set.of();
    }
    String hosts = place.substring(2, place.indexOf('/', 2));
    return Arrays.stream(hosts.split(","))
        .map(host -> host.replaceFirst(":\\d*$", "").replaceAll("[\\[\\]]", ""))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** Whether each property that could say so does: of two, drivers take the one or the other. */
  private boolean isTls(Pattern tls) {
    String name = tls.pattern().replaceFirst("=.*$", "=");
    List<String> said =
        Arrays.stream(properties.split("[&;]", -1))
            .filter(property -> property.startsWith(name))
            .toList();
    return !said.isEmpty() && said.stream().allMatch(tls.asMatchPredicate());
  }

  private void requireAllowed(Set<String> allowed) {
    if (properties.isEmpty()) {
      return;
    }
    for (String property : properties.split("[&;]", -1)) {
      String name = property.replaceFirst("=.*$", "");
      if (!allowed.contains(name)) {
        throw SluiceException.config(
            "Cannot use property '%s' in the address of a %s database: it is not among those that"
                + " are known to be safe. %s. Remove it",
            name, kind, Nearest.hint(name, allowed.stream().sorted().toList()));
      }
    }
  }
}
