package dev.sluice.runtime;

import dev.sluice.model.JobSpec;

/**
 * One unit of work, run in one container.
 *
 * <p>Found by {@link java.util.ServiceLoader}: annotate the class with
 * {@code @AutoService(Job.class)}. A job never takes part in the life cycle; it declares and
 * transforms.
 */
public abstract sealed class Job permits Extract, Transform, Load {

  /** The job's declaration; pure: no Spark, no I/O, no clock. */
  public abstract JobSpec spec();
}
