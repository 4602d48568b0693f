/** Flights that left New York in 2013: from raw files to daily delay figures in a database. */
package dev.sluice.jobs.flights;
