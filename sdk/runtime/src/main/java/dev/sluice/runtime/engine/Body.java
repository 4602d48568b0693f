package dev.sluice.runtime.engine;

import com.fasterxml.jackson.databind.type.TypeFactory;
import dev.sluice.model.ErrorKind;
import dev.sluice.model.JobSpec;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.Extract;
import dev.sluice.runtime.Job;
import dev.sluice.runtime.Load;
import dev.sluice.runtime.Run;
import dev.sluice.runtime.Transform;
import dev.sluice.runtime.lake.Integrity;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Calls the one method that a job's author has written. */
final class Body {
  private Body() {}

  /** The rows that the job makes of its inputs. */
  static Dataset<Row> call(Job job, JobSpec spec, Map<String, Dataset<Row>> inputs, LiveRun run) {
    run.joins().open();
    try {
      Dataset<Row> made = made(job, spec, inputs, run);
      Integrity.require(spec.name(), made.sparkSession());
      return made;
    } finally {
      run.joins().close();
    }
  }

  private static Dataset<Row> made(
      Job job, JobSpec spec, Map<String, Dataset<Row>> inputs, Run run) {
    try {
      if (job instanceof Extract) {
        return invoke(Extract.class, "extract", Dataset.class, job, only(inputs), run);
      }
      if (job instanceof Load) {
        return invoke(Load.class, "load", Dataset.class, job, only(inputs), run);
      }
      Record in = record(job, spec, inputs);
      return invoke(Transform.class, "transform", Record.class, job, in, run);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof SluiceException known) {
        throw known;
      }
      throw new SluiceException(
          ErrorKind.BUG,
          String.format(
              "Cannot run %s: its %s threw %s. Correct the job",
              spec.name(), spec.kind().word(), Failures.firstLine(e.getCause())),
          e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the base classes have these methods", e);
    }
  }

  private static Dataset<Row> only(Map<String, Dataset<Row>> inputs) {
    return inputs.values().iterator().next();
  }

  @SuppressWarnings("unchecked")
  private static Dataset<Row> invoke(
      Class<?> base, String method, Class<?> first, Job job, Object in, Run run)
      throws ReflectiveOperationException {
    // The methods are protected: authors override them, and only the engine calls them.
    Method body = base.getDeclaredMethod(method, first, Run.class);
    body.setAccessible(true);
    return (Dataset<Row>) body.invoke(job, in, run);
  }

  private static Record record(Job job, JobSpec spec, Map<String, Dataset<Row>> inputs)
      throws ReflectiveOperationException {
    // A project may have a base class of its own between: Jackson finds the type through it.
    Class<?> type =
        TypeFactory.defaultInstance()
            .constructType(job.getClass())
            .findTypeParameters(Transform.class)[0]
            .getRawClass();
    if (!type.isRecord()) {
      throw SluiceException.config(
          "Cannot run %s: %s does not say what it reads. Let it extend Transform<A_RECORD>",
          spec.name(), job.getClass().getSimpleName());
    }
    List<String> components =
        Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).toList();
    if (!Set.copyOf(components).equals(inputs.keySet())) {
      throw SluiceException.config(
          "Cannot run %s: its spec reads %s, its record %s has %s. Use the same names",
          spec.name(), inputs.keySet(), type.getSimpleName(), components);
    }
    Class<?>[] frames = new Class<?>[components.size()];
    Arrays.fill(frames, Dataset.class);
    Constructor<?> constructor = type.getDeclaredConstructor(frames);
    constructor.setAccessible(true);
    return (Record) constructor.newInstance(components.stream().map(inputs::get).toArray());
  }
}
