package dev.sluice.runtime.spi;

/** Makes the keys of one place available: those that encrypt the keys of files. */
public interface KeyProvider {

  /** The word in {@code lake.keys}. */
  String name();

  /**
   * Opens the place.
   *
   * @throws dev.sluice.model.SluiceException of kind CONFIG where its settings lead nowhere
   */
  Keys open(LakeConfig config);

  /** Keys that never leave their place: others are brought to them. Used by many threads. */
  interface Keys extends AutoCloseable {

    /**
     * Encrypts the key of a file.
     *
     * @param name the key to do it with
     * @return text that is written into the file
     * @throws dev.sluice.model.SluiceException that names the key, where it is not there or not
     *     allowed
     */
    String wrap(byte[] fileKey, String name);

    /**
     * Decrypts the key of a file.
     *
     * @param wrapped what {@link #wrap} has made
     * @throws dev.sluice.model.SluiceException that names the key, where it is not there, not
     *     allowed, or not the one that encrypted
     */
    byte[] unwrap(String wrapped, String name);

    @Override
    void close();
  }
}
