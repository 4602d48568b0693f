package dev.sluice.runtime.spi;

import dev.sluice.model.Scale;
import java.util.List;
import java.util.Map;

/** Gives a run executors on other machines. */
public interface ClusterProvider {

  /**
   * Spark's settings for a run that has executors, its master among them.
   *
   * @param environment what the launcher has told this process about its place
   * @throws dev.sluice.model.SluiceException where there is no such place, or they cannot fit
   */
  Map<String, String> spark(Scale scale, LakeConfig config, Map<String, String> environment);

  /**
   * Why executors do not come, in the cluster's own words: no room, no image, no right. Asks the
   * cluster now; empty where it says nothing.
   *
   * @param spark the settings of the run's Spark
   */
  List<String> hindrances(Map<String, String> spark);

  /**
   * Works as an executor until the run lets it go; ends the process.
   *
   * @param environment what Spark has told this process about the run
   */
  void executor(Map<String, String> environment);
}
