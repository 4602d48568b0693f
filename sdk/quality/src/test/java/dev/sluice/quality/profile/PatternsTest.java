package dev.sluice.quality.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PatternsTest {

  @Test
  void runsOfOneClassAreCountedWithTheirLengths() {
    assertThat(pattern("N14228", "N5", "N907"))
        .contains(new Patterns("^[A-Z][0-9]{1,5}$", 3, "A9"));
  }

  @Test
  void aFewShapesAreAlternatives() {
    assertThat(pattern("AB1", "CD2", "12-34"))
        .contains(new Patterns("^(?:[A-Z]{2}[0-9]|[0-9]{2}-[0-9]{2})$", 3, "A9, 9-9"));
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"1.2[3]\\4", "1{2}3(4)", "1*2+3?4^5", "1$2|3-4/5&6", "^1$"})
  void whatHasAMeaningInExpressionsIsTakenLiterally(String text) {
    String regex = pattern(text, text).orElseThrow().regex();

    assertThat(text).matches(regex);
    assertThat(text.replaceAll("[^0-9]", "x")).doesNotMatch(regex);
  }

  @Test
  void aHandfulOfStrangersAmongManyIsLeftOut() {
    String[] texts =
        Stream.concat(
                IntStream.range(0, 2_000).mapToObj(n -> "A" + n),
                Stream.of("?", "n/a", "none", "x-1", "1a"))
            .toArray(String[]::new);

    assertThat(pattern(texts)).contains(new Patterns("^[A-Z][0-9]{1,4}$", 2_000, "A9"));
  }

  @Test
  void wordsHaveNoPattern() {
    assertThat(pattern("Alice", "Bob", "Christine")).isEmpty();
  }

  @Test
  void foreignLettersHaveNoPattern() {
    assertThat(pattern("Ä1", "B2")).isEmpty();
  }

  @Test
  void tooManyShapesAreNoPatternInWhateverOrderTheyCome() {
    Shapes left = shapes("1", "1-1-1", "1-1-1-1", "a1", "a-1");
    Shapes many =
        shapes(IntStream.range(33, 97).mapToObj(c -> "1" + (char) c + "1").toArray(String[]::new));
    Shapes other = shapes("1", "1-1-1", "1-1-1-1", "a1", "a-1");
    Shapes empty = new Shapes();

    left.merge(many);
    many.merge(other);
    empty.merge(left);

    assertThat(left.found()).isEmpty();
    assertThat(many.found()).isEmpty();
    assertThat(empty.found()).isEmpty();
  }

  private static Optional<Patterns> pattern(String... texts) {
    return Patterns.of(new ColumnProfile.Texts(1, 9, shapes(texts).found()), texts.length);
  }

  private static Shapes shapes(String... texts) {
    Shapes shapes = new Shapes();
    Arrays.stream(texts).forEach(text -> shapes.add(text, 1));
    return shapes;
  }
}
