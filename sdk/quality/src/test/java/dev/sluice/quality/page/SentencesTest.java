package dev.sluice.quality.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.quality.ExpectationTypes;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SentencesTest {

  @ParameterizedTest(name = "{2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          column_values_to_be_between | {'min_value': 0, 'max_value': 500} | every value between 0 and 500
          column_values_to_be_between | {'min_value': 0, 'strict_min': true} | every value above 0
          column_values_to_be_between | {'min_value': 0, 'strict_min': true, 'max_value': 9.5} | every value above 0 and at most 9.5
          column_values_to_be_between | {'max_value': '2020-01-01', 'mostly': 0.995} | at least 99.5 % of values at most “2020-01-01”
          column_values_to_be_between | {'min_value': {'$PARAMETER': 'least'}} | every value at least $least
          column_values_to_be_between | {'min_value': null, 'max_value': null} | every value of any size
          column_values_to_not_be_null | {} | no value is null
          column_values_to_not_be_null | {'mostly': 0.9} | at least 90 % of values are not null
          column_values_to_be_unique | {'mostly': 0.5} | at least 50 % of values occur only once
          column_values_to_be_in_set | {'value_set': ['a', 1, null]} | every value one of “a”, 1, null
          column_values_to_be_in_set | {'value_set': [1,2,3,4,5,6,7,8,9,10]} | every value one of 1, 2, 3, 4, 5, 6, 7, 8 … (10 in all)
          column_values_to_be_in_set | {'value_set': []} | every value one of nothing
          column_values_to_not_match_regex | {'regex': '^a$'} | no value matches “^a$”
          column_values_to_not_match_regex | {'regex': '^a$', 'mostly': 0.9} | at least 90 % of values do not match “^a$”
          column_value_lengths_to_be_between | {'min_value': 2, 'max_value': 2} | every value exactly 2 characters long
          column_values_to_be_increasing | {'strictly': true} | every value larger than the one before
          column_values_to_be_decreasing | {} | every value not larger than the one before
          column_pair_values_a_to_be_greater_than_b | {'or_equal': true} | every row with the first greater than or equal to the second
          column_pair_values_to_be_in_set | {'value_pairs_set': [[1, 'a'], [2, null]]} | every row with a pair among (1, “a”), (2, null)
          compound_columns_to_be_unique | {} | every combination occurs only once
          column_mean_to_be_between | {'min_value': 1} | mean at least 1
          column_quantile_values_to_be_between | {'quantile_ranges': {'quantiles': [0.5], 'value_ranges': [[1, null]]}} | quantiles 0.5 within (1, null)
          table_row_count_to_be_between | {'min_value': 1, 'max_value': 1e6} | number of rows between 1 and 1000000
          column_values_to_be_null | {'row_condition': 'col("a")==1'} | every value is null, where col("a")==1
          no_such_thing | {'column': 'a', 'depth_limit': 3, 'of': ['x'], 'gone': null} | no such thing: depth limit 3, of “x”
          """)
  void saysWhatIsAsked(String type, String kwargs, String sentence) {
    String json = kwargs.replace("col(\"a\")", "col(\\\"a\\\")");

    assertThat(Sentences.of("expect_" + type, new Kwargs(SamplePages.json(json))))
        .isEqualTo(sentence);
  }

  @Test
  void readsConditionsThatAreObjects() {
    String condition =
        "{'row_condition': {'type': 'or', 'conditions': [{'type': 'and', 'conditions': ["
            + "{'type': 'comparison', 'column': {'name': 'a'}, 'operator': 'NOT_IN', 'parameter': ['x', 1]},"
            + "{'type': 'nullity', 'column': {'name': 'b'}, 'is_null': false}]},"
            + "{'type': 'pass_through', 'pass_through_filter': 'c > d'}]}}";

    assertThat(new Kwargs(SamplePages.json(condition)).condition())
        .contains("((a NOT IN (“x”, 1) and b is not null) or c > d)");
  }

  static Stream<String> types() {
    return ExpectationTypes.names().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyTypeThatSluiceKnowsHasASentence(String type) {
    String plain = type.replaceFirst("^expect_", "").replace('_', ' ');

    assertThat(Sentences.of(type, new Kwargs(SamplePages.json("{}")))).isNotEqualTo(plain);
  }
}
