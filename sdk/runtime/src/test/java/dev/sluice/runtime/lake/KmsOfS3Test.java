package dev.sluice.runtime.lake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files S3 is asked about. */
class KmsOfS3Test {

  @ParameterizedTest
  @CsvSource({"0, 0", "1, 1", "100, 100", "101, 100", "25000, 100"})
  void ofManyFilesSomeAreAskedSpreadEvenly(int files, int asked) {
    List<String> all = IntStream.range(0, files).mapToObj(Integer::toString).toList();

    List<String> some = KmsOfS3.some(all);

    assertThat(some).hasSize(asked).doesNotHaveDuplicates().isSubsetOf(all);
    if (files > 0) {
      int last = Integer.parseInt(some.get(some.size() - 1));
      assertThat(some.get(0)).isEqualTo("0");
      assertThat(files - last).isLessThanOrEqualTo(files / asked + 1);
    }
  }
}
