package dev.sluice.runtime.lake;

import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.iceberg.aws.s3.S3FileIO;
import org.apache.iceberg.hadoop.HadoopConfigurable;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.SeekableInputStream;
import org.apache.iceberg.util.SerializableSupplier;

/**
 * Iceberg's access to S3, whose Parquet pages are compared with their checksums.
 *
 * <p>Iceberg's reader asks a file how it is to be read, and one of S3 has nothing to say; without
 * an answer, checksums are passed over. These files have one.
 */
public final class VerifiedS3FileIO extends S3FileIO {
  private static final long serialVersionUID = 1L;

  private static final Configuration READING = reading();

  private static Configuration reading() {
    Configuration reading = new Configuration(false);
    Integrity.OF_PAGES.forEach(reading::set);
    return reading;
  }

  @Override
  public InputFile newInputFile(String path) {
    return new Verified(super.newInputFile(path));
  }

  @Override
  public InputFile newInputFile(String path, long length) {
    return new Verified(super.newInputFile(path, length));
  }

  private record Verified(InputFile file) implements InputFile, HadoopConfigurable {
    @Override
    public Configuration getConf() {
      return READING;
    }

    @Override
    public void serializeConfWith(
        Function<Configuration, SerializableSupplier<Configuration>> serializer) {
      // There is nothing of its own to be sent along.
    }

    @Override
    public long getLength() {
      return file.getLength();
    }

    @Override
    public SeekableInputStream newStream() {
      return file.newStream();
    }

    @Override
    public String location() {
      return file.location();
    }

    @Override
    public boolean exists() {
      return file.exists();
    }
  }
}
