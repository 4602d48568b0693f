package dev.sluice.runtime.lake;

import com.google.auto.service.AutoService;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.Nearest;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.spi.KeyProvider;
import dev.sluice.runtime.spi.LakeConfig;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.apache.parquet.crypto.ParquetCryptoRuntimeException;
import org.apache.parquet.crypto.keytools.KeyToolkit;

/** The provider {@code keystore}: a file of Java's {@code keytool}, for tests and small lakes. */
@AutoService(KeyProvider.class)
public final class KeystoreProvider implements KeyProvider {

  @Override
  public String name() {
    return "keystore";
  }

  @Override
  public Keys open(LakeConfig config) {
    String file = config.lakeKeysKeystore();
    char[] password = config.lakeKeysPassword().reveal().toCharArray();
    Map<String, byte[]> keys = new HashMap<>();
    try (InputStream in = Files.newInputStream(Path.of(file))) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password);
      for (String alias : Collections.list(store.aliases())) {
        Key key = store.getKey(alias, password);
        if (key != null && key.getAlgorithm().equals("AES")) {
          keys.put(alias, key.getEncoded());
        }
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          String.format(
              "Cannot open keystore '%s': %s. Check lake.keys.keystore and lake.keys.password",
              file, e.getClass().getSimpleName() + " " + e.getMessage()),
          e);
    }
    return new InMemory(file, keys);
  }

  /** Wraps keys as Parquet's own tools do, with AES-GCM. */
  private record InMemory(String file, Map<String, byte[]> keys) implements Keys {
    @Override
    public String wrap(byte[] fileKey, String name) {
      return KeyToolkit.encryptKeyLocally(fileKey, key(name), aad(name));
    }

    @Override
    public byte[] unwrap(String wrapped, String name) {
      try {
        return KeyToolkit.decryptKeyLocally(wrapped, key(name), aad(name));
      } catch (ParquetCryptoRuntimeException e) {
        throw new SluiceException(
            ErrorKind.CONFIG,
            String.format(
                "Cannot decrypt with key '%s': the one of that name in keystore '%s' is not the one"
                    + " that encrypted. Bring that one back",
                name, file),
            e);
      }
    }

    private byte[] key(String name) {
      byte[] key = keys.get(name);
      if (key == null) {
        throw SluiceException.config(
            "Cannot use key '%s': keystore '%s' has no AES key of that name. %s. Add it, or correct"
                + " the table's encryption",
            name, file, Nearest.hint(name, keys.keySet()));
      }
      return key;
    }

    private static byte[] aad(String name) {
      return name.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
      keys.values().forEach(key -> java.util.Arrays.fill(key, (byte) 0));
    }

    @Override
    public String toString() {
      return "keys of " + file;
    }
  }
}
