package dev.sluice.runtime.source;

import dev.sluice.model.Receipt.PinnedFile;
import dev.sluice.model.SluiceException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** Asks each of many files something, several at a time: storage answers slowly. */
final class EachFile {
  private static final int AT_ONCE = 16;

  private EachFile() {}

  /** The answers in the order of the files; what the first failing one throws. */
  static <T> List<T> ask(List<PinnedFile> files, Function<PinnedFile, T> question) {
    ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, files.size()));
    try {
      List<Future<T>> asked = new ArrayList<>();
      for (PinnedFile file : files) {
        asked.add(threads.submit(() -> question.apply(file)));
      }
      List<T> answers = new ArrayList<>();
      for (Future<T> answer : asked) {
        answers.add(answer.get());
      }
      return answers;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof SluiceException known) {
        throw known;
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    } finally {
      threads.shutdownNow();
    }
  }
}
