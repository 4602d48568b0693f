package dev.sluice.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.runtime.lake.Lake;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TerminationMessageTest {
  @TempDir private Path folder;

  private static Map<String, String> at(String place) {
    return Map.of("SLUICE_TERMINATION_MESSAGE", place);
  }

  @Test
  void isWrittenToAFileAllTheTime() {
    Path file = folder.resolve("message");

    TerminationMessage.progress(at(file.toString()), "on its way");
    assertThat(file).hasContent("on its way");

    TerminationMessage.write(at(file.toString()), "done");
    assertThat(file).hasContent("done");
  }

  @Test
  void isWrittenToAnAddressOnceAndWithTheFoldersThatLeadToIt() {
    Path file = folder.resolve("deep/message");

    TerminationMessage.progress(at(file.toUri().toString()), "on its way");
    assertThat(file).doesNotExist();

    TerminationMessage.write(at(file.toUri().toString()), "done");
    assertThat(file).hasContent("done");
  }

  @Test
  void thatCannotBeWrittenFailsNothing() {
    TerminationMessage.write(at("nowhere://bucket/message"), "done");
    TerminationMessage.write(at(folder.resolve("deep/message").toString()), "done");

    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void mayLieInS3ThoughNoLakeIsOpen() throws IOException {
    assertThat(FileSystem.getFileSystemClass("s3", Lake.hadoopWithoutLake()))
        .isEqualTo(S3AFileSystem.class);
  }
}
