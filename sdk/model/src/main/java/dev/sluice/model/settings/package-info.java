/** What a job can be told from outside, declared as a record. */
package dev.sluice.model.settings;
