package dev.sluice.runtime.source;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.SluiceException;
import java.io.EOFException;
import java.io.FileNotFoundException;
import java.net.ConnectException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** Tells what an exception while a file was read says about the file. */
public final class BrokenFile {
  /** What a reader throws that believes a file: its message would speak of the reader. */
  private static final List<Class<? extends RuntimeException>> SENSELESS =
      List.of(
          NullPointerException.class,
          IndexOutOfBoundsException.class,
          NegativeArraySizeException.class,
          ClassCastException.class,
          ArithmeticException.class);

  /** What a reader of files is, whether it is part of Spark or of Iceberg. */
  private static final Pattern READER =
      Pattern.compile(
          ".*\\.(parquet|orc|avro)\\.(.*\\.)?\\w*(Read|Vectorized|DataFileStream)\\w*.*");

  private static final String AGAIN = "Deliver the file again";

  private BrokenFile() {}

  /** Whether it was thrown by what reads files, and not by what became of their rows. */
  public static boolean isOfReader(Throwable thrown) {
    return chain(thrown).stream()
        .flatMap(link -> Arrays.stream(link.getStackTrace()))
        .anyMatch(frame -> READER.matcher(frame.getClassName()).matches());
  }

  /** The error that ends the run where a file of a table cannot be read. */
  public static SluiceException ofTable(String uri, Throwable thrown) {
    return read(uri, thrown, "Bring the file back, or let the run that wrote it write it again");
  }

  /** The error that ends the run: the file's fault, unless storage did not answer. */
  static SluiceException read(String uri, Throwable thrown) {
    return read(uri, thrown, AGAIN);
  }

  private static SluiceException read(String uri, Throwable thrown, String next) {
    for (Throwable link : chain(thrown)) {
      if (link instanceof SluiceException known) {
        return known;
      }
      if (link instanceof FileNotFoundException) {
        return SluiceException.source(
            thrown,
            "Cannot read %s: it is gone. Run again when nobody changes the files there",
            uri);
      }
      if (isOutside(link)) {
        return SluiceException.source(
            thrown,
            "Cannot read %s: %s. Check storage and network, then run again",
            uri,
            reason(thrown));
      }
    }
    return corrupt(uri, reason(thrown), next, thrown);
  }

  /** A file that is not what it should be. */
  static SluiceException corrupt(String uri, String reason, Throwable cause) {
    return corrupt(uri, reason, AGAIN, cause);
  }

  private static SluiceException corrupt(String uri, String reason, String next, Throwable cause) {
    return new SluiceException(
        ErrorKind.DATA,
        String.format("Cannot read %s: it is corrupt or cut short (%s). %s", uri, reason, next),
        cause);
  }

  /** The first line of what the root of an exception says. */
  static String reason(Throwable thrown) {
    List<Throwable> chain = chain(thrown);
    Throwable root = chain.get(chain.size() - 1);
    if (root instanceof EOFException) {
      return "it ends too early";
    }
    if (SENSELESS.stream().anyMatch(type -> type.isInstance(root))) {
      return "its parts do not fit together";
    }
    String message = root.getMessage();
    return message == null || message.isBlank()
        ? root.getClass().getSimpleName()
        : message.strip().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
  }

  private static boolean isOutside(Throwable link) {
    return link instanceof ConnectException
        || link instanceof SocketException
        || link instanceof SocketTimeoutException
        || link instanceof UnknownHostException
        || link instanceof java.nio.file.FileSystemException
        || link instanceof org.apache.hadoop.security.AccessControlException
        || link.getClass().getName().startsWith("software.amazon.awssdk.");
  }

  private static List<Throwable> chain(Throwable thrown) {
    List<Throwable> chain = new ArrayList<>();
    for (Throwable link = thrown; link != null && !chain.contains(link); link = link.getCause()) {
      chain.add(link);
    }
    return chain;
  }
}
