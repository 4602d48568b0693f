package dev.sluice.quality.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.model.Json;
import dev.sluice.model.Receipt;
import dev.sluice.quality.Golden;
import dev.sluice.quality.Verdict.Decision;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.w3c.dom.Element;

class ResultPageTest {

  /** The result that ValidationResult itself writes, by its own golden file. */
  @Test
  void isTheGoldenOne() throws Exception {
    Path own = Path.of("src/test/resources/dev/sluice/quality/golden/validation-result.json");
    JsonNode validation = Json.mapper().readTree(Files.readString(own));
    PageFacts facts =
        SamplePages.facts(
            Decision.REFUSE,
            Optional.of("plausible fails in 1 row (25.00 %), the limit is 5.00 %"),
            new Receipt.Rows(5, 3, 1, 1));

    String page = ResultPage.render(facts, validation);

    Golden.assertSame(
        "result-page.html",
        page.replaceFirst("(?s)<style>.*</style>", "<style>page.css</style>")
            .replaceFirst("(?s)<script>.*</script>", "<script>page.js</script>")
            .replaceAll("sha256-[A-Za-z0-9+/=]+", "sha256-…"));
  }

  @ParameterizedTest(name = "{0} with {1} failing checks and {2} rows in quarantine")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          PUBLISH | 0 | 0  | published | Published           | Every check holds.
          PUBLISH | 0 | 12 | reserved  | Published           | Every check holds, with the rows that it may leave out.
          PUBLISH | 1 | 12 | reserved  | Published           | 1 of 8 checks does not hold, and no rule refuses for that.
          PUBLISH | 2 | 0  | reserved  | Published           | 2 of 8 checks do not hold, and no rule refuses for that.
          REFUSE  | 1 | 12 | refused   | Refused             | The gate refused and named no rule.
          """)
  void saysWhatHappened(
      Decision decision, int failing, long quarantined, String tone, String headline, String why) {
    Receipt.Rows rows = new Receipt.Rows(100, 100 - quarantined, quarantined, 0);
    PageFacts facts = SamplePages.facts(decision, Optional.empty(), rows);

    PageDocument page = page(facts, SamplePages.validation(8, 8, failing));

    assertThat(page.elements("body").get(0).getAttribute("class")).isEqualTo(tone);
    assertThat(page.elements("h1").get(0).getTextContent()).isEqualTo(headline);
    assertThat(page.text("rule")).isEqualTo("Why" + why);
  }

  @Test
  void leadsFromARefusalToItsCheckToTheRowsAndToTheNextRun() {
    PageDocument page = page(SamplePages.refused(), SamplePages.validation(80, 8, 40));

    assertThat(page.text("what"))
        .isEqualTo("Nothing was published: flights.departures is as it was before this run.");
    assertThat(page.text("rule"))
        .isEqualTo("Whycheck-0 fails in 2,041 rows (7.70 %), the limit is 5.00 %");
    assertThat(page.text("next"))
        .contains("See what the check found: check-0 (dep_delay: at least 95 % of values between")
        .contains("2,041 rows in quarantine")
        .contains(
            "SELECT * FROM flights.departures_quarantine WHERE _sluice_run_key ="
                + " 'clean-departures/flights.departures/2013-01-01..2013-02-01'")
        .contains("run it again")
        .contains("change the suite “departures”");
    Element link = (Element) page.ofClass("next").get(0).getElementsByTagName("a").item(0);
    assertThat(link.getAttribute("href")).isEqualTo("#check-1");
    assertThat(page.texts("label")).filteredOn("refused this run"::equals).hasSize(1);
    assertThat(page.ofClass("check")).extracting(e -> e.getAttribute("id")).contains("check-1");
  }

  @Test
  void asksForNothingWhereAllHolds() {
    PageDocument page = page(SamplePages.published(0), SamplePages.validation(12, 8, 0));

    assertThat(page.text("next"))
        .isEqualTo("What to do next Nothing. The table is ready to be read.");
    assertThat(page.ofClass("check")).isEmpty();
    assertThat(page.text("tally")).isEqualTo("12 hold");
  }

  @Test
  void namesAnErroredCheckBeforeFailedOnes() {
    PageDocument page = page(SamplePages.published(0), SamplePages.validation(9, 8, 7));

    assertThat(page.text("next"))
        .contains("Correct the check that could not be answered: check-6")
        .contains("Decide whether these 6 checks matter, first check-0");
    assertThat(page.texts("error"))
        .containsExactly("[INVALID_PATTERN] Unclosed group near index 7");
    assertThat(page.text("tally")).isEqualTo("1 not answered 6 fail 2 hold");
  }

  @ParameterizedTest(name = "{0} failing checks of 3,000")
  @ValueSource(ints = {0, 1, 40, 199, 201, 3_000})
  void showsEveryIdAndAnchorOnce(int failing) {
    JsonNode validation = SamplePages.validation(3_000, 250, failing);

    PageDocument page = page(SamplePages.refused(), validation);

    Set<String> ids = new TreeSet<>();
    validation.get("results").forEach(item -> ids.add(item.at("/meta/sluice/id").asText()));
    assertThat(page.texts("id")).containsExactlyInAnyOrderElementsOf(ids);
    List<String> anchors = new ArrayList<>();
    page.elements("*").stream()
        .map(element -> element.getAttribute("id"))
        .filter(anchor -> anchor.startsWith("check-"))
        .forEach(anchors::add);
    assertThat(anchors).hasSize(3_000).doesNotHaveDuplicates();
  }

  @ParameterizedTest(name = "{0} failing checks of 3,000")
  @ValueSource(ints = {0, 40, 3_000})
  void staysSmall(int failing) {
    String html =
        ResultPage.render(SamplePages.refused(), SamplePages.validation(3_000, 250, failing));

    assertThat(html.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(1_000_000);
    assertThat(PageDocument.of(html).elements("*")).hasSizeLessThan(25_000);
  }

  @Test
  void isReadableWithoutScriptAndWithoutNetwork() {
    PageDocument page = page(SamplePages.refused(), SamplePages.validation(80, 8, 40));

    assertThat(page.ofClass("filter").get(0).hasAttribute("hidden")).isTrue();
    assertThat(page.elements("*"))
        .extracting(Element::getTagName)
        .doesNotContain("link", "img", "iframe", "object", "form");
    assertThat(page.elements("*")).noneMatch(element -> element.hasAttribute("src"));
  }

  @Test
  void allowsNoStyleAndNoScriptButItsOwn() throws Exception {
    PageDocument page = page(SamplePages.refused(), SamplePages.validation(80, 8, 40));

    String policy =
        page.elements("meta").stream()
            .filter(meta -> meta.getAttribute("http-equiv").equals("Content-Security-Policy"))
            .map(meta -> meta.getAttribute("content"))
            .collect(Collectors.joining());
    assertThat(policy)
        .isEqualTo(
            "default-src 'none'; style-src '%s'; script-src '%s'; base-uri 'none'; form-action 'none'",
            hash(page.elements("style")), hash(page.elements("script")));
    assertThat(page.elements("*")).noneMatch(element -> element.hasAttribute("style"));
  }

  @Test
  void keepsHostileTextText() {
    String html = ResultPage.render(Hostile.facts(), Hostile.validation());

    PageDocument page = PageDocument.of(html);
    assertThat(page.elements("script")).hasSize(1);
    assertThat(page.elements("style")).hasSize(1);
    assertThat(page.elements("img")).isEmpty();
    for (Element element : page.elements("*")) {
      for (int i = 0; i < element.getAttributes().getLength(); i++) {
        assertThat(element.getAttributes().item(i).getNodeName()).doesNotStartWith("on");
      }
    }
    assertThat(page.elements("a"))
        .extracting(link -> link.getAttribute("href"))
        .allMatch(href -> href.startsWith("#") || href.startsWith("https://lake.example/"));
    assertThat(page.texts("v"))
        .contains("<script>document.title = 'owned'</script>", "</style><script>alert(1)</script>")
        .contains("invoice\\u202Efdp.exe", "nul\\u0000bell\\u0007del\\u007Fnel\\u0085")
        .contains("line\\nbreak\\ttab\\rreturn", "half of a pair \\uD83D alone");
    assertThat(html)
        .doesNotContainPattern("[\\x00-\\x09\\x0B-\\x1F\\x7F-\\x9F\\u202A-\\u202E\\u2066-\\u2069]");
  }

  @Test
  void cutsALongValueAndSaysItsLength() {
    ObjectNode item =
        SamplePages.answered(
            "expect_column_values_to_be_in_set",
            "{'column': 'c', 'value_set': ['%s']}".formatted("y".repeat(100)),
            "{'element_count': 2, 'unexpected_count': 2, 'partial_unexpected_list': ['%s', '%s']}"
                .formatted("x".repeat(200), "🚀".repeat(201)));

    PageDocument page = page(SamplePages.published(0), suite(item));

    assertThat(page.texts("v")).containsExactly("x".repeat(200), "🚀".repeat(200));
    assertThat(page.texts("long")).containsExactly("… 201 characters");
    assertThat(page.elements("h3").get(0).getTextContent())
        .isEqualTo("c every value one of “" + "y".repeat(60) + "…”");
  }

  @Test
  void tellsNullEmptyTextAndNumbersApart() {
    ObjectNode item =
        SamplePages.answered(
            "expect_column_values_to_be_in_set",
            "{'column': 'c', 'value_set': [1]}",
            "{'partial_unexpected_list': [null, '', '5', 5, 5, 1e9, 1e300, true]}");

    PageDocument page = page(SamplePages.published(0), suite(item));

    assertThat(page.texts("v"))
        .containsExactly("null", "", "5", "5", "1000000000", "1.0E300", "true");
    assertThat(page.ofClass("t")).hasSize(2);
    assertThat(page.ofClass("none")).hasSize(1);
    assertThat(page.texts("times")).containsExactly("× 2");
  }

  @Test
  void showsPairsAndKeysAsTables() {
    ObjectNode pairs =
        SamplePages.answered(
            "expect_column_pair_values_to_be_equal",
            "{'column_A': 'a', 'column_B': 'b'}",
            "{'partial_unexpected_list': [[1, 2], [1, 2], [null, 3]]}");
    ObjectNode keys =
        SamplePages.answered(
            "expect_compound_columns_to_be_unique",
            "{'column_list': ['k', 'l']}",
            "{'partial_unexpected_list': [{'k': 1, 'l': 'x'}, {'k': 2, 'm': 'y'}]}");

    PageDocument page = page(SamplePages.published(0), suite(pairs, keys));

    assertThat(page.elements("tr"))
        .extracting(row -> row.getTextContent())
        .containsExactly("abRows", "122", "null31", "klm", "1xnull", "2nully");
  }

  @Test
  void saysHowManyColumnsOfARecordAreNotShown() {
    ObjectNode wide = Json.mapper().createObjectNode();
    for (int i = 0; i < 15; i++) {
      wide.put("c" + i, i);
    }
    ObjectNode item =
        SamplePages.answered(
            "unexpected_rows_expectation",
            "{'unexpected_rows_query': 'SELECT 1'}",
            "{'observed_value': 1, 'details': {'unexpected_rows': [%s]}}".formatted(wide));

    PageDocument page = page(SamplePages.published(0), suite(item));

    assertThat(page.elements("th")).hasSize(12);
    assertThat(page.texts("long")).containsExactly("3 more columns");
  }

  /** Great Expectations' own results know nothing of meta.sluice, and may map metrics to errors. */
  @Test
  void readsResultsThatAreNotOurs() {
    ObjectNode errored =
        SamplePages.answered("expect_column_max_to_be_between", "{'column': 'c'}", "{}");
    errored.set(
        "exception_info",
        SamplePages.json("{'metric': {'raised_exception': true, 'exception_message': 'no such'}}"));
    ObjectNode failed = SamplePages.answered("expect_column_to_exist", "{'column': 'd'}", "{}");
    failed.put("success", false);

    PageDocument page = page(SamplePages.published(0), suite(errored, failed));

    assertThat(page.texts("error")).containsExactly("no such");
    assertThat(page.texts("id")).containsExactly("column_max_to_be_between.c", "column_to_exist.d");
  }

  @Test
  void readsAResultWithNothingInIt() {
    PageDocument page = page(SamplePages.unchecked(), Json.mapper().createObjectNode());

    assertThat(page.text("rule"))
        .isEqualTo("WhyThe job names no suite, so there was nothing to decide by.");
    assertThat(page.text("next")).contains("Give the job a suite");
  }

  private static PageDocument page(PageFacts facts, JsonNode validation) {
    return PageDocument.of(ResultPage.render(facts, validation));
  }

  private static JsonNode suite(ObjectNode... items) {
    return SamplePages.suite("s", List.of(items));
  }

  private static String hash(List<Element> only) throws Exception {
    byte[] text = only.get(0).getTextContent().getBytes(StandardCharsets.UTF_8);
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
    return "sha256-" + Base64.getEncoder().encodeToString(digest);
  }
}
