/** Runs jobs in a unit test: given rows, run, then look at rows, quarantine and receipt. */
package dev.sluice.testkit;
