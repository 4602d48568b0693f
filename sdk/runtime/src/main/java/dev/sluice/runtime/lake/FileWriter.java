package dev.sluice.runtime.lake;

import dev.sluice.model.Partition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.mapreduce.TaskAttemptContext;
import org.apache.hadoop.mapreduce.TaskAttemptID;
import org.apache.hadoop.mapreduce.TaskType;
import org.apache.hadoop.mapreduce.task.TaskAttemptContextImpl;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.ProjectingInternalRow;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.connector.write.DataWriter;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.execution.datasources.OutputWriter;
import org.apache.spark.sql.execution.datasources.OutputWriterFactory;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/** Writes one task's rows, which come ordered by partition: one open file at a time. */
final class FileWriter implements DataWriter<InternalRow> {

  /** The files of a task that committed. */
  record Message(List<StagedFile> files) implements WriterCommitMessage {}

  record Factory(
      OutputWriterFactory format,
      SerializableConfiguration hadoop,
      String root,
      String runId,
      StructType schema,
      StructType data,
      List<Partition> partitions,
      boolean everyInstant)
      implements DataWriterFactory {
    @Override
    public DataWriter<InternalRow> createWriter(int partition, long task) {
      return new FileWriter(this, partition, task);
    }
  }

  private final Factory factory;
  private final TaskAttemptContext context;
  private final String fileName;
  private final FolderNames names;
  private final ProjectingInternalRow dataRow;
  private final List<StagedFile> files = new ArrayList<>();
  private final OrcInstants instants;
  private List<String> partition;
  private OutputWriter open;
  private long rows;

  private FileWriter(Factory factory, int task, long attempt) {
    this.factory = factory;
    this.context =
        new TaskAttemptContextImpl(
            factory.hadoop().value(), new TaskAttemptID("sluice", 0, TaskType.MAP, task, 0));
    this.instants = factory.everyInstant() ? null : new OrcInstants(factory.data());
    this.fileName =
        String.format(
            "part-%05d-%d-%s%s",
            task,
            attempt,
            UUID.randomUUID().toString().substring(0, 8),
            factory.format().getFileExtension(context));
    this.names = new FolderNames(factory.root(), factory.partitions(), factory.schema());
    List<Object> ordinals =
        Arrays.stream(factory.data().fieldNames())
            .map(name -> (Object) factory.schema().fieldIndex(name))
            .toList();
    this.dataRow =
        new ProjectingInternalRow(
            factory.data(),
            scala.jdk.javaapi.CollectionConverters.asScala(ordinals).toIndexedSeq());
  }

  @Override
  public void write(InternalRow row) throws IOException {
    List<String> values = names.of(row);
    if (!values.equals(partition)) {
      finishFile();
      partition = values;
      String path = folder(values) + "/" + fileName;
      open = factory.format().newInstance(path, factory.data(), context);
    }
    dataRow.project(row);
    if (instants != null) {
      instants.require(dataRow, factory.root());
    }
    open.write(dataRow);
    rows++;
  }

  private String folder(List<String> values) {
    List<String> parts = new ArrayList<>();
    parts.add(factory.root());
    for (int i = 0; i < values.size(); i++) {
      parts.add(
          ExternalCatalogUtils.escapePathName(factory.partitions().get(i).name())
              + "="
              + ExternalCatalogUtils.escapePathName(values.get(i)));
    }
    parts.add(factory.runId());
    return String.join("/", parts);
  }

  private void finishFile() throws IOException {
    if (open != null) {
      open.close();
      Path path = new Path(open.path());
      FileStatus written = path.getFileSystem(factory.hadoop().value()).getFileStatus(path);
      files.add(
          new StagedFile(
              open.path(), partition, rows, written.getLen(), written.getModificationTime()));
      open = null;
      rows = 0;
    }
  }

  @Override
  public WriterCommitMessage commit() throws IOException {
    finishFile();
    return new Message(List.copyOf(files));
  }

  @Override
  public void abort() throws IOException {
    if (open != null) {
      open.close();
      delete(open.path());
    }
    for (StagedFile file : files) {
      delete(file.path());
    }
  }

  private void delete(String file) throws IOException {
    Path path = new Path(file);
    path.getFileSystem(factory.hadoop().value()).delete(path, false);
  }

  @Override
  public void close() {}
}
