package io.sentinelgateway.cli;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** {@code --config}, for every command that reads a configuration. */
final class ConfigOption {

  static final String DEFAULT = "conf/sentinel.yaml";

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE|DIR",
      defaultValue = DEFAULT,
      description = "The configuration (default: ${DEFAULT-VALUE}).")
  private Path path;

  Path path() {
    return path;
  }

  Sources sources() {
    return new ConfigSource(path).read();
  }

  /** Reads with the variables of this process. */
  static ConfigReader reader() {
    return Catalog.reader(name -> Optional.ofNullable(System.getenv(name)));
  }

  ReadResult read() {
    return reader().read(sources());
  }
}
