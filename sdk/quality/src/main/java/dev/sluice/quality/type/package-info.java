/** One class for each type of expectation; a new one needs its class and its case file, no more. */
package dev.sluice.quality.type;
