package dev.sluice.testkit;

import dev.sluice.runtime.spi.FailPoint;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Lets every {@link JobHarness#run} of a test method begin with a run that is killed.
 *
 * <p>The job first runs in a process of its own, which ends at the point as if it were killed; then
 * it runs again, and what the table holds is compared with one clean run in a lake of its own. The
 * result is that of the second run. The job's class needs a constructor without parameters.
 */
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface CrashAt {
  /** Where the first run is killed. */
  FailPoint value();
}
