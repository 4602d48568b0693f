package dev.sluice.runtime.bind;

import dev.sluice.model.SluiceException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of files, made of a template and settings, that leads nowhere else than the template
 * says.
 *
 * <p>Settings come from outside. One may be a date that is written into a folder's name: it must
 * not be {@code ../../other}, in whatever disguise.
 */
final class Address {
  private static final Set<String> SCHEMES = Set.of("file", "s3", "s3a");
  private static final Pattern SCHEME = Pattern.compile("^([A-Za-z][A-Za-z0-9+.-]+):");

  /** What decodes to a dot, a slash, a backslash, a NUL or a percent sign. */
  private static final Pattern DISGUISE =
      Pattern.compile("%(2e|2f|5c|00|25)", Pattern.CASE_INSENSITIVE);

  private Address() {}

  /** Refuses a value that may not stand within an address. */
  static void requireWithin(String template, String key, String value) {
    requirePlain(template, key, value);
    if (value.startsWith("/") || SCHEME.matcher(value).find() || value.contains("://")) {
      throw refused(template, key, value, "it begins an address of its own");
    }
  }

  /** Refuses a value that may stand nowhere in an address, not even at its beginning. */
  static void requirePlain(String template, String key, String value) {
    Matcher disguise = DISGUISE.matcher(value);
    if (disguise.find()) {
      throw refused(template, key, value, "it holds " + disguise.group());
    }
    if (Arrays.asList(value.split("[/\\\\]")).contains("..")) {
      throw refused(template, key, value, "it leads upwards");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw refused(template, key, "…", "it holds a control character");
    }
  }

  /** Refuses an address that is not one of files as this SDK reads them. */
  static String requireKnown(String address) {
    Matcher scheme = SCHEME.matcher(address);
    if (scheme.find() && !SCHEMES.contains(scheme.group(1).toLowerCase(Locale.ROOT))) {
      throw SluiceException.config(
          "Cannot read %s: only file: and s3: are known, not %s:. Copy the files there first",
          address, scheme.group(1));
    }
    return address;
  }

  private static SluiceException refused(String template, String key, String value, String reason) {
    return SluiceException.config(
        "Cannot fill '%s' with %s = '%s': %s. Give the plain name, or an absolute path where the"
            + " address begins",
        template, key, value, reason);
  }
}
