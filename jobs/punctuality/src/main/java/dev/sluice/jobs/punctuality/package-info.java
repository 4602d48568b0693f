/** How punctual airlines are: the figures of another team, made of the departures that it reads. */
package dev.sluice.jobs.punctuality;
