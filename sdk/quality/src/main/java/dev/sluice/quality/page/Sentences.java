package dev.sluice.quality.page;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Says what an expectation asks, as a person would. */
final class Sentences {
  private static final String COLUMN = "expect_column_";
  private static final String VALUES = "expect_column_values_to_";
  private static final String PAIR = "expect_column_pair_values_";
  private static final String TABLE = "expect_table_";
  private static final Map<String, Function<Kwargs, String>> SENTENCES = new HashMap<>();

  private Sentences() {}

  /** The sentence, without its subject; a type without one of its own gets its name and kwargs. */
  static String of(String type, Kwargs kwargs) {
    Function<Kwargs, String> known = SENTENCES.get(type);
    String sentence = known == null ? plain(type, kwargs) : known.apply(kwargs);
    return kwargs.condition().map(condition -> sentence + ", where " + condition).orElse(sentence);
  }

  private static String plain(String type, Kwargs kwargs) {
    String name = type.replaceFirst("^expect_", "").replace('_', ' ');
    String others = kwargs.others();
    return others.isEmpty() ? name : name + ": " + others;
  }

  private static void say(String type, Function<Kwargs, String> sentence) {
    SENTENCES.put(type, sentence);
  }

  static {
    values();
    texts();
    aggregates();
    sets();
    severalColumns();
    tables();
  }

  private static void values() {
    say(VALUES + "be_null", k -> k.all("is null", "are null"));
    say(
        VALUES + "not_be_null",
        k -> k.most() ? k.every("value") + " are not null" : "no value is null");
    say(VALUES + "be_unique", k -> k.all("occurs only once", "occur only once"));
    say(VALUES + "be_between", k -> k.every("value") + " " + k.range());
    say(VALUES + "be_in_set", k -> k.every("value") + " one of " + k.list("value_set"));
    say(VALUES + "not_be_in_set", k -> k.every("value") + " other than " + k.list("value_set"));
    say(
        VALUES + "be_of_type",
        k -> k.every("value") + " of type " + k.node().path("type_").asText());
    say(
        VALUES + "be_in_type_list",
        k -> k.every("value") + " of a type among " + k.list("type_list"));
    say(VALUES + "be_increasing", k -> k.every("value") + order(k, "larger", "smaller"));
    say(VALUES + "be_decreasing", k -> k.every("value") + order(k, "smaller", "larger"));
    say(
        "expect_column_value_z_scores_to_be_less_than",
        k ->
            k.every("value")
                + " less than "
                + k.value("threshold")
                + " standard deviations "
                + (k.is("double_sided") ? "from" : "above")
                + " the mean");
  }

  private static String order(Kwargs k, String wanted, String unwanted) {
    return k.is("strictly")
        ? " " + wanted + " than the one before"
        : " not " + unwanted + " than the one before";
  }

  private static void texts() {
    say(VALUES + "match_regex", k -> k.all("matches ", "match ") + k.value("regex"));
    say(VALUES + "not_match_regex", k -> k.none("matches ", "match ") + k.value("regex"));
    say(
        VALUES + "match_regex_list",
        k -> k.all("matches ", "match ") + which(k) + k.list("regex_list"));
    say(
        VALUES + "not_match_regex_list",
        k -> k.none("matches any of ", "match any of ") + k.list("regex_list"));
    say(
        VALUES + "match_like_pattern",
        k -> k.all("is like ", "are like ") + k.value("like_pattern"));
    say(
        VALUES + "not_match_like_pattern",
        k -> k.every("value") + " unlike " + k.value("like_pattern"));
    say(
        VALUES + "match_like_pattern_list",
        k -> k.all("is like ", "are like ") + which(k) + k.list("like_pattern_list"));
    say(
        VALUES + "not_match_like_pattern_list",
        k -> k.every("value") + " unlike each of " + k.list("like_pattern_list"));
    say(
        VALUES + "match_strftime_format",
        k -> k.every("value") + " a time in the form " + k.value("strftime_format"));
    say(VALUES + "be_dateutil_parseable", k -> k.every("value") + " a time");
    say(VALUES + "be_json_parseable", k -> k.every("value") + " valid JSON");
    say(VALUES + "match_json_schema", k -> k.every("value") + " JSON that satisfies its schema");
    say(
        "expect_column_value_lengths_to_be_between",
        k -> k.every("value") + " " + k.range() + " characters long");
    say(
        "expect_column_value_lengths_to_equal",
        k -> k.every("value") + " " + k.value("value") + " characters long");
  }

  private static String which(Kwargs k) {
    return k.node().path("match_on").asText().equals("all") ? "all of " : "any of ";
  }

  private static void aggregates() {
    say(COLUMN + "min_to_be_between", k -> "minimum " + k.range());
    say(COLUMN + "max_to_be_between", k -> "maximum " + k.range());
    say(COLUMN + "mean_to_be_between", k -> "mean " + k.range());
    say(COLUMN + "median_to_be_between", k -> "median " + k.range());
    say(COLUMN + "stdev_to_be_between", k -> "standard deviation " + k.range());
    say(COLUMN + "sum_to_be_between", k -> "sum " + k.range());
    say(COLUMN + "unique_value_count_to_be_between", k -> "number of distinct values " + k.range());
    say(
        COLUMN + "proportion_of_unique_values_to_be_between",
        k -> "share of distinct values " + k.range());
    say(
        COLUMN + "proportion_of_non_null_values_to_be_between",
        k -> "share of values that are not null " + k.range());
    say(
        COLUMN + "quantile_values_to_be_between",
        k ->
            "quantiles "
                + new Kwargs(k.node().path("quantile_ranges")).list("quantiles")
                + " within "
                + new Kwargs(k.node().path("quantile_ranges")).list("value_ranges"));
    say(
        COLUMN + "kl_divergence_to_be_less_than",
        k -> "distribution near the expected one, divergence below " + k.value("threshold"));
    for (String test : List.of("bootstrapped_ks", "chisquare", "parameterized_distribution_ks")) {
      say(
          COLUMN + test + "_test_p_value_to_be_greater_than",
          k -> "distribution as expected, by a test with a p-value above " + k.value("p"));
    }
    say(
        COLUMN + "pair_cramers_phi_value_to_be_less_than",
        k ->
            "the two columns hardly depend on each other, Cramér's phi below "
                + k.value("threshold"));
  }

  private static void sets() {
    say(
        COLUMN + "distinct_values_to_be_in_set",
        k -> "distinct values only from " + k.list("value_set"));
    say(
        COLUMN + "distinct_values_to_contain_set",
        k -> "distinct values include " + k.list("value_set"));
    say(
        COLUMN + "distinct_values_to_equal_set",
        k -> "distinct values exactly " + k.list("value_set"));
    say(
        COLUMN + "most_common_value_to_be_in_set",
        k -> "most common value one of " + k.list("value_set"));
  }

  private static void severalColumns() {
    say(PAIR + "to_be_equal", k -> k.every("row") + " with both equal");
    say(
        PAIR + "a_to_be_greater_than_b",
        k ->
            k.every("row")
                + " with the first greater than "
                + (k.is("or_equal") ? "or equal to the second" : "the second"));
    say(
        PAIR + "to_be_in_set",
        k -> k.every("row") + " with a pair among " + k.list("value_pairs_set"));
    say(
        "expect_compound_columns_to_be_unique",
        k -> k.every("combination") + (k.most() ? " occur" : " occurs") + " only once");
    say(
        "expect_select_column_values_to_be_unique_within_record",
        k -> k.every("row") + " with values that all differ");
    say(
        "expect_multicolumn_values_to_be_unique",
        k -> k.every("row") + " with values that all differ");
    say(
        "expect_multicolumn_sum_to_equal",
        k -> k.every("row") + " with the sum " + k.value("sum_total"));
  }

  private static void tables() {
    say(TABLE + "row_count_to_be_between", k -> "number of rows " + k.range());
    say(TABLE + "row_count_to_equal", k -> "number of rows exactly " + k.value("value"));
    say(
        TABLE + "row_count_to_equal_other_table",
        k -> "as many rows as " + k.value("other_table_name"));
    say(
        "expect_column_to_exist",
        k ->
            k.has("column_index")
                ? "the column exists, at position " + k.value("column_index")
                : "the column exists");
    say(TABLE + "column_count_to_equal", k -> "number of columns exactly " + k.value("value"));
    say(TABLE + "column_count_to_be_between", k -> "number of columns " + k.range());
    say(TABLE + "columns_to_match_ordered_list", k -> "columns in order: " + k.list("column_list"));
    say(TABLE + "columns_to_match_set", k -> "columns: " + k.list("column_set"));
    say("unexpected_rows_expectation", k -> "no row found by " + k.value("unexpected_rows_query"));
    say("expect_query_results_to_match_comparison", k -> "results of two queries match");
  }
}
