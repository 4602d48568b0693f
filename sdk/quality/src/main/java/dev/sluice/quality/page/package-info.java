/** One static HTML page for each run: what happened, what to do next, and every check's answer. */
package dev.sluice.quality.page;
