/** What a connector implements: catalogs of the lake, and targets that rows are published to. */
package dev.sluice.runtime.spi;
