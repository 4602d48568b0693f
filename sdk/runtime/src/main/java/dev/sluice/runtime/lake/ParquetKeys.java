package dev.sluice.runtime.lake;

import dev.sluice.model.Encryption;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import dev.sluice.model.Table;
import dev.sluice.runtime.spi.KeyProvider;
import dev.sluice.runtime.spi.KeyProvider.Keys;
import dev.sluice.runtime.spi.LakeConfig;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.crypto.keytools.KeyToolkit;
import org.apache.parquet.crypto.keytools.KmsClient;
import org.apache.parquet.crypto.keytools.PropertiesDrivenCryptoFactory;

/**
 * The keys of a lake, as Parquet's own writers and readers ask for them.
 *
 * <p>They find the lake by a token that means nothing outside of this process: no configuration
 * holds a key, a password or the way to one. Spark's tasks run in this process.
 */
public final class ParquetKeys implements KmsClient {
  private static final Map<String, Keys> OPEN = new ConcurrentHashMap<>();

  /** AES-256 for the pages, and for the keys between those of the files and the provider's. */
  private static final String BITS = "256";

  private Keys keys;

  /** One lake's access to its keys. */
  static final class Access implements AutoCloseable {
    private final String token = UUID.randomUUID().toString();
    private final Keys keys;

    private Access(Keys keys) {
      this.keys = keys;
      OPEN.put(token, keys);
    }

    /** What readers and writers must be told. */
    Map<String, String> hadoop() {
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("parquet.crypto.factory.class", PropertiesDrivenCryptoFactory.class.getName());
      settings.put(KeyToolkit.KMS_CLIENT_CLASS_PROPERTY_NAME, ParquetKeys.class.getName());
      settings.put(KeyToolkit.KEY_ACCESS_TOKEN_PROPERTY_NAME, token);
      settings.put(KeyToolkit.DATA_KEY_LENGTH_PROPERTY_NAME, BITS);
      settings.put(KeyToolkit.KEK_LENGTH_PROPERTY_NAME, BITS);
      return settings;
    }

    /** Refuses a table with whose keys nothing can be encrypted. */
    void require(Encryption how) {
      Set<String> names = new TreeSet<>(how.columns().values());
      names.add(how.footer());
      names.forEach(name -> keys.wrap(new byte[16], name));
    }

    @Override
    public void close() {
      OPEN.remove(token);
      KeyToolkit.removeCacheEntriesForToken(token);
      keys.close();
    }
  }

  /**
   * Opens the place of the keys that the settings name; empty where they name none.
   *
   * @throws SluiceException of kind CONFIG where there is none of that name
   */
  static Optional<Access> open(LakeConfig config) {
    if (config.lakeKeys().isEmpty()) {
      return Optional.empty();
    }
    List<String> known = new ArrayList<>();
    for (KeyProvider provider : ServiceLoader.load(KeyProvider.class)) {
      if (provider.name().equals(config.lakeKeys())) {
        return Optional.of(new Access(provider.open(config)));
      }
      known.add(provider.name());
    }
    throw SluiceException.config(
        "Cannot use the keys of the lake: there is no key provider '%s'. %s. Correct lake.keys",
        config.lakeKeys(), Nearest.hint(config.lakeKeys(), known));
  }

  /** An encrypted table in a lake that has no keys. */
  static SluiceException missing(Table table) {
    return SluiceException.config(
        "Cannot use table %s: its files are encrypted, and the lake has no keys. Set lake.keys to"
            + " keystore or aws-kms",
        table.name());
  }

  /** Lets what is written with this configuration be encrypted. */
  static void encrypt(Configuration writing, Encryption how) {
    if (how.columns().isEmpty()) {
      writing.set(PropertiesDrivenCryptoFactory.UNIFORM_KEY_PROPERTY_NAME, how.footer());
      return;
    }
    writing.set(PropertiesDrivenCryptoFactory.FOOTER_KEY_PROPERTY_NAME, how.footer());
    writing.set(
        PropertiesDrivenCryptoFactory.COLUMN_KEYS_PROPERTY_NAME,
        how.byKey().entrySet().stream()
            .map(key -> key.getKey() + ":" + String.join(",", key.getValue()))
            .collect(Collectors.joining(";")));
    writing.setBoolean(
        PropertiesDrivenCryptoFactory.COMPLETE_COLUMN_ENCRYPTION_PROPERTY_NAME, true);
  }

  @Override
  public void initialize(Configuration conf, String instance, String url, String token) {
    keys = OPEN.get(token);
  }

  @Override
  public String wrapKey(byte[] key, String name) {
    return keys.wrap(key, name);
  }

  @Override
  public byte[] unwrapKey(String wrapped, String name) {
    return keys.unwrap(wrapped, name);
  }
}
