/** What a data team extends: the three kinds of job, and the run they are given. */
package dev.sluice.runtime;
