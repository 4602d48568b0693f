package dev.sluice.runtime.bind;

import dev.sluice.model.Nearest;
import dev.sluice.model.SettingsType;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.LakeConfig;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The settings of one run: what was set where, and what holds in the end. */
public final class Settings {
  /** The job file that is read where none is named. */
  public static final String DEFAULT_FILE = "sluice.properties";

  private static final SettingsType LAKE = SettingsType.of(LakeConfig.class);
  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]+)}");

  /** One place that settings come from. */
  private record Place(String name, Map<String, String> values) {}

  private final SettingsType job;
  private final List<Place> places;

  private Settings(SettingsType job, List<Place> places) {
    this.job = job;
    this.places = places;
  }

  /**
   * Collects the settings of a run; later places win over earlier ones.
   *
   * @param jobSettings the record of the job's own settings
   * @param file the job file; {@value #DEFAULT_FILE} in the working folder where absent
   * @param profile the profile, read from {@code <file>-<profile>.properties} beside the job file
   * @param environment {@code SLUICE_LAKE_WAREHOUSE} sets {@code lake.warehouse}
   * @param sets what the command line says
   * @throws SluiceException of kind CONFIG for a key that nobody knows
   */
  public static Settings collect(
      Class<? extends Record> jobSettings,
      Optional<Path> file,
      Optional<String> profile,
      Map<String, String> environment,
      Map<String, String> sets) {
    Settings settings = new Settings(SettingsType.of(jobSettings), new ArrayList<>());
    Map<String, String> defaults = new LinkedHashMap<>(LAKE.defaults());
    defaults.putAll(settings.job.defaults());
    settings.places.add(new Place("the defaults", defaults));
    Path jobFile = file.orElse(Path.of(DEFAULT_FILE));
    if (file.isPresent() || Files.exists(jobFile)) {
      settings.addFile(jobFile);
    }
    profile.ifPresent(name -> settings.addFile(profileFile(jobFile, name)));
    settings.places.add(new Place("the environment", settings.fromEnvironment(environment)));
    settings.places.add(new Place("--set", sets));
    settings.refuseUnknown();
    return settings;
  }

  private static Path profileFile(Path jobFile, String profile) {
    String name = jobFile.getFileName().toString().replaceFirst("\\.properties$", "");
    return jobFile.resolveSibling(name + "-" + profile + ".properties");
  }

  private void addFile(Path file) {
    places.add(new Place(file.toString(), JobFile.read(file)));
  }

  private Map<String, String> fromEnvironment(Map<String, String> environment) {
    Map<String, String> values = new TreeMap<>();
    for (String key : knownKeys()) {
      String value = environment.get(variable(key));
      if (value != null) {
        values.put(key, value);
      }
    }
    return values;
  }

  /** The environment variable that sets a key. */
  static String variable(String key) {
    return "SLUICE_" + key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
  }

  private Set<String> knownKeys() {
    Set<String> known = new TreeSet<>(LAKE.keys());
    known.addAll(job.keys());
    return known;
  }

  private void refuseUnknown() {
    Set<String> known = knownKeys();
    for (Place place : places) {
      for (String key : place.values().keySet()) {
        if (!known.contains(key)) {
          throw SluiceException.config(
              "Cannot use setting '%s' of %s: nobody knows it. %s",
              key, place.name(), Nearest.hint(key, known));
        }
      }
    }
  }

  /** The job's settings as the record that its spec names. */
  public Record job() {
    return job.bind(values(job));
  }

  /** Where the lake is. */
  public LakeConfig lake() {
    return (LakeConfig) LAKE.bind(values(LAKE));
  }

  /** Every job setting in force as text, secrets as they are: never to be shown. */
  public Map<String, String> revealed() {
    return values(job);
  }

  /** Every setting in force as text, secrets hidden. */
  public Map<String, String> shown() {
    Map<String, String> shown = new TreeMap<>(shown(LAKE));
    shown.putAll(shown(job));
    return shown;
  }

  private Map<String, String> shown(SettingsType type) {
    @SuppressWarnings("unchecked")
    Map<String, Map<String, Object>> properties =
        (Map<String, Map<String, Object>>) type.jsonSchema().get("properties");
    Map<String, String> shown = values(type);
    shown.replaceAll(
        (key, value) -> {
          boolean secret = "password".equals(properties.get(key).get("format"));
          return secret && !value.isEmpty() ? "***" : value;
        });
    return shown;
  }

  /**
   * Fills the {@code ${name}} placeholders of a text with the job's settings.
   *
   * @param extra further names, such as {@code interval.start}
   */
  public String fill(String text, Map<String, String> extra) {
    return fill(text, extra, (place, key, value) -> {});
  }

  /**
   * Fills the placeholders of an address of files, and refuses a setting that leads elsewhere.
   *
   * @param extra further names, such as {@code interval.start}
   * @throws SluiceException of kind CONFIG that names the setting
   */
  public String address(String template, Map<String, String> extra) {
    String filled =
        fill(
            template,
            extra,
            (place, key, value) -> {
              if (place == 0) {
                Address.requirePlain(template, key, value);
              } else {
                Address.requireWithin(template, key, value);
              }
            });
    return Address.requireKnown(filled);
  }

  /** Looks at a value before it is filled in. */
  private interface Filling {
    void at(int place, String key, String value);
  }

  private String fill(String text, Map<String, String> extra, Filling filling) {
    Map<String, String> values = new TreeMap<>(values(job));
    values.putAll(extra);
    return PLACEHOLDER
        .matcher(text)
        .replaceAll(
            match -> {
              String key = match.group(1);
              String value = values.get(key);
              if (value == null) {
                throw SluiceException.config(
                    "Cannot fill '%s': there is no setting '%s'. %s",
                    text, key, Nearest.hint(key, values.keySet()));
              }
              filling.at(match.start(), key, value);
              return Matcher.quoteReplacement(value);
            });
  }

  private Map<String, String> values(SettingsType type) {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> missing = new ArrayList<>();
    for (String key : type.keys()) {
      Optional<String> value = value(key);
      value.ifPresentOrElse(found -> values.put(key, found), () -> missing.add(key));
    }
    if (!missing.isEmpty()) {
      throw missing(missing);
    }
    return values;
  }

  private Optional<String> value(String key) {
    String value = null;
    for (Place place : places) {
      value = place.values().getOrDefault(key, value);
    }
    return Optional.ofNullable(value);
  }

  private SluiceException missing(List<String> keys) {
    String key = keys.get(0);
    List<String> searched = new ArrayList<>();
    for (Place place : places) {
      searched.add(
          switch (place.name()) {
            case "the environment" -> "the environment (" + variable(key) + ")";
            default -> place.name();
          });
    }
    return SluiceException.config(
        "Cannot find setting%s %s: searched %s. Add --set %s=… or set %s",
        keys.size() == 1 ? "" : "s",
        keys.stream().map(name -> "'" + name + "'").toList().toString().replaceAll("[\\[\\]]", ""),
        String.join(", ", searched),
        key,
        variable(key));
  }
}
