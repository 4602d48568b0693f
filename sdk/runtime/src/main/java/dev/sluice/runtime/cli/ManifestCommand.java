package dev.sluice.runtime.cli;

import dev.sluice.model.ErrorKind;
import dev.sluice.model.Json;
import dev.sluice.model.Manifest;
import dev.sluice.model.SluiceException;
import dev.sluice.runtime.engine.Jobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Prints the manifest of this image. */
@Command(
    name = "manifest",
    description = "Prints all that an orchestrator needs to know of this image, as JSON.",
    mixinStandardHelpOptions = true)
final class ManifestCommand implements Callable<Integer> {
  @Option(
      names = "--project",
      paramLabel = "NAME",
      description = "The project's name; by default what the build has set.")
  private String project = System.getProperty("sluice.project", Project.name());

  @Option(
      names = "--image",
      paramLabel = "REF",
      description = "The image's reference, best by digest, to be written into the manifest.")
  private String image;

  @Option(names = "--output", paramLabel = "FILE", description = "Writes to a file instead.")
  private Path output;

  @Override
  public Integer call() {
    Manifest manifest =
        Manifest.of(project, Optional.ofNullable(image), Jobs.installed().specsByClass());
    String text = Json.pretty(manifest);
    if (output == null) {
      System.out.print(text);
      return 0;
    }
    try {
      Files.createDirectories(output.toAbsolutePath().getParent());
      Files.writeString(output, text);
      return 0;
    } catch (IOException e) {
      throw new SluiceException(
          ErrorKind.CONFIG,
          "Cannot write the manifest to " + output + ": " + e.getMessage() + ". Choose --output",
          e);
    }
  }
}
