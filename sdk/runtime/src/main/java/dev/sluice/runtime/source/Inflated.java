package dev.sluice.runtime.source;

import com.github.luben.zstd.ZstdInputStream;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.apache.hadoop.io.compress.GzipCodec;

/** Opens text files, compressed or not, and stops one that inflates beyond all measure. */
final class Inflated {
  /** So many times its own size a file may grow, once it is not small any more. */
  static final int MOST_TIMES = 200;

  private static final long SMALL = 16L << 20;
  private static final long MOST_BYTES = 1L << 40;

  private static final Map<String, String> OTHERS =
      Map.of(
          "zip", "an archive",
          "tar", "an archive",
          "7z", "an archive",
          "xz", "compressed with xz",
          "lz4", "compressed with lz4",
          "snappy", "compressed with snappy",
          "br", "compressed with brotli",
          "z", "compressed with compress");

  private Inflated() {}

  /** Whether a file must be read from its beginning. */
  static boolean isCompressed(Path path) {
    return !ending(path).isEmpty();
  }

  /** The codec's ending of a file's name; empty for plain text. */
  private static String ending(Path path) {
    String name = path.getName().toLowerCase(Locale.ROOT);
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) {
      case "gz", "zst", "bz2" -> ending;
      default -> "";
    };
  }

  /** Refuses files that nobody here can unpack. */
  static void requireKnown(Path path) {
    String name = path.getName().toLowerCase(Locale.ROOT);
    Optional.ofNullable(OTHERS.get(name.substring(name.lastIndexOf('.') + 1)))
        .ifPresent(
            what -> {
              throw new SluiceException(
                  ErrorKind.DATA,
                  String.format(
                      "Cannot read %s: it is %s. Deliver it as plain text, or compressed as .gz,"
                          + " .zst or .bz2",
                      path, what));
            });
  }

  /**
   * Opens a file at its beginning.
   *
   * @param bytes the file's own size
   */
  static InputStream open(Configuration hadoop, Path path, long bytes) throws IOException {
    requireKnown(path);
    FSDataInputStream file = path.getFileSystem(hadoop).open(path);
    try {
      return switch (ending(path)) {
        case "gz" -> new Capped(gzip(hadoop).createInputStream(file), path, bytes, MOST_BYTES);
        case "bz2" -> new Capped(bzip2(hadoop).createInputStream(file), path, bytes, MOST_BYTES);
        case "zst" -> new Capped(new ZstdInputStream(file), path, bytes, MOST_BYTES);
        default -> file;
      };
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** Not that of the JDK, which takes whatever follows a member for the end. */
  private static GzipCodec gzip(Configuration hadoop) {
    GzipCodec codec = new GzipCodec();
    codec.setConf(hadoop);
    return codec;
  }

  private static BZip2Codec bzip2(Configuration hadoop) {
    BZip2Codec codec = new BZip2Codec();
    codec.setConf(hadoop);
    return codec;
  }

  /** Counts what comes out, and stops where it is too much. */
  static final class Capped extends FilterInputStream {
    private final Path path;
    private final long bytes;
    private final long most;
    private long inflated;

    Capped(InputStream in, Path path, long bytes, long most) {
      super(in);
      this.path = path;
      this.bytes = bytes;
      this.most = most;
    }

    @Override
    public int read() throws IOException {
      int one = super.read();
      if (one >= 0) {
        count(1);
      }
      return one;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
      int read = super.read(into, offset, length);
      if (read > 0) {
        count(read);
      }
      return read;
    }

    private void count(int more) {
      inflated += more;
      boolean bomb = inflated > SMALL && inflated / MOST_TIMES > bytes;
      if (bomb || inflated > most) {
        throw new SluiceException(
            ErrorKind.DATA,
            String.format(
                "Cannot read %s: its %d bytes inflate to more than %s. Deliver it as it is,"
                    + " uncompressed, if it is meant to be so",
                path, bytes, bomb ? MOST_TIMES + " times their size" : most + " bytes"));
      }
    }
  }
}
