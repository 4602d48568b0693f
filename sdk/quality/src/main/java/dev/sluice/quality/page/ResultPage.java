package dev.sluice.quality.page;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.quality.page.Item.Status;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * Renders the page of a run: one HTML file that needs no network, no script and no other file.
 *
 * <p>Its order is that of its reader's questions: what happened and what to do, what does not hold,
 * what holds.
 */
public final class ResultPage {
  private static final String STYLE = resource("page.css");
  private static final String SCRIPT = resource("page.js");

  /** Fewer checks are found by eye. */
  private static final int FILTERED = 15;

  private final PageFacts facts;
  private final Report report;
  private final Html html = new Html();

  private ResultPage(PageFacts facts, JsonNode validation) {
    this.facts = facts;
    this.report = Report.of(facts, validation);
  }

  /**
   * The page as HTML.
   *
   * @param facts what is known of the run
   * @param validation Great Expectations' validation result, 1.x, as {@code ValidationResult}
   *     writes it; where its items carry {@code meta.sluice} with id, onFailure and status, these
   *     are shown
   */
  public static String render(PageFacts facts, JsonNode validation) {
    return new ResultPage(facts, validation).render();
  }

  private String render() {
    html.verbatim("<!DOCTYPE html>").line().open("html", "lang", "en");
    head();
    html.open("body", "class", report.tone()).line();
    html.leaf("a", "Skip to the checks", "class", "skip", "href", "#checks");
    html.open("main");
    new VerdictSection(html, facts, report).write();
    html.open("div", "id", "checks", "tabindex", "-1").line();
    filter();
    new BrokenSection(html, report, Status.ERRORED).write();
    new BrokenSection(html, report, Status.FAILED).write();
    new HoldingSection(html, report).write();
    html.close("div").close("main").line();
    html.open("footer").leaf("p", "Sluice " + facts.sdkVersion() + " · run " + facts.runId());
    html.close("footer");
    html.open("script").verbatim(SCRIPT).close("script");
    return html.close("body").close("html").line().toString();
  }

  private void head() {
    html.open("head").line().empty("meta", "charset", "utf-8").line();
    html.empty("meta", "http-equiv", "Content-Security-Policy", "content", policy()).line();
    html.empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1").line();
    html.empty("meta", "name", "color-scheme", "content", "light dark").line();
    html.empty("meta", "name", "referrer", "content", "no-referrer").line();
    html.empty("meta", "name", "robots", "content", "noindex").line();
    html.leaf("title", report.headline() + " · " + facts.table() + " · " + facts.job()).line();
    html.open("style").verbatim(STYLE).close("style").line().close("head").line();
  }

  /** Nothing is loaded, and nothing runs but our own style and script, even if markup got in. */
  private static String policy() {
    return "default-src 'none'; style-src "
        + hash(STYLE)
        + "; script-src "
        + hash(SCRIPT)
        + "; base-uri 'none'; form-action 'none'";
  }

  /** The script shows it: without one it would do nothing. */
  private void filter() {
    if (report.items().size() < FILTERED) {
      return;
    }
    html.open("div", "class", "filter", "role", "search", "hidden", "");
    html.leaf("label", "Filter checks", "for", "filter");
    html.empty(
        "input",
        "id",
        "filter",
        "type",
        "search",
        "autocomplete",
        "off",
        "spellcheck",
        "false",
        "placeholder",
        "column, id or words");
    html.leaf("output", "", "for", "filter", "aria-live", "polite").close("div").line();
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String resource(String name) {
    try (InputStream in = ResultPage.class.getResourceAsStream(name)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
