package io.sentinelgateway.cli;

import io.sentinelgateway.schema.Summary;
import io.sentinelgateway.source.LastKnownGood;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway.Start;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sentinel run} */
@Command(
    name = "run",
    description = "Starts the gateway and serves until it is told to stop (SIGTERM drains).")
final class RunCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config;

  @Option(
      names = "--last-known-good",
      paramLabel = "DIR",
      description = {
        "Where server.reload.last-known-good keeps configurations: start from the last one there",
        "when the present one is refused."
      })
  private Optional<Path> lastKnownGood = Optional.empty();

  @Override
  public Integer call() throws IOException {
    ConfigReader reader = ConfigOption.reader();
    Sources sources = config.sources();
    ReadResult first = reader.read(sources);
    boolean stale = first.config().isEmpty();
    if (stale) {
      PrintWriter err = spec.commandLine().getErr();
      first.problems().forEach(err::println);
      err.println(Summary.of(first.problems()));
      Optional<Sources> kept = kept();
      if (kept.isEmpty()) {
        return Sentinel.FAILED;
      }
      sources = kept.get();
      first = reader.read(sources);
      if (first.config().isEmpty()) {
        err.println("The last known good configuration is refused too.");
        return Sentinel.FAILED;
      }
      err.println(
          "Starting from the last known good configuration (sha " + first.shortHash() + ").");
    }
    DemoOrigin.startIfWanted(config.path(), first.config().orElseThrow());
    return Serving.serve(
        new Start(
            first,
            sources,
            stale,
            config::sources,
            reader,
            config.path().toString(),
            Version.number()),
        Serving.words(spec));
  }

  private Optional<Sources> kept() throws IOException {
    return lastKnownGood.isEmpty()
        ? Optional.empty()
        : new LastKnownGood(lastKnownGood.get()).read();
  }
}
