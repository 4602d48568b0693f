/** What a job declares and what a run answers: pure values, free of Spark, I/O and clocks. */
package dev.sluice.model;
