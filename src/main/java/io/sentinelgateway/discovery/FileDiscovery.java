package io.sentinelgateway.discovery;

import io.sentinelgateway.config.DiscoveryConfig;
import io.sentinelgateway.config.DiscoverySettings;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Inlined;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Problem.Severity;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.FileWatch;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.source.Stamp;
import io.sentinelgateway.source.WatchedFiles;
import io.sentinelgateway.yaml.TargetList;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads targets from a file that somebody else writes, as soon as it changes. The file system's
 * events wake it; the file is also looked at from time to time, because network file systems have
 * none. A list that cannot be used changes nothing.
 */
final class FileDiscovery implements Discovery {

  private static final Logger LOG = LoggerFactory.getLogger(FileDiscovery.class);

  /** {@code discovery: {type: file}} */
  @Doc("Reads targets from a file, and again whenever it changes.")
  record Settings(
      @Doc("A YAML or JSON file: a list of targets, each as under `targets`.") String path,
      @Doc("How often the file is looked at where no event tells of a change.")
          @Default("5s")
          @Range(min = "100ms", max = "1h")
          Duration poll,
      @Inlined DiscoveryConfig common)
      implements DiscoverySettings {

    @Override
    public void check(Problems problems) {
      boolean file = path.startsWith("/") && path.indexOf('\0') < 0;
      problems.at("path").require(file, '"' + path + "\" (expected: an absolute path)");
    }
  }

  private final Settings settings;
  private final Vertx vertx;
  private final Context context;
  private final Findings findings;
  private final ConfigSource source;
  private final @Nullable FileWatch events;
  private final @Nullable WatchedFiles files;
  private final Alarm poll;
  private TargetList last = new TargetList(List.of(), List.of());
  private boolean stopped;

  FileDiscovery(Settings settings, DiscoveryWiring wiring) {
    this.settings = settings;
    this.vertx = wiring.vertx();
    this.context = vertx.getOrCreateContext();
    this.findings = wiring.findings();
    this.source = new ConfigSource(Path.of(settings.path()));
    this.events = watch();
    this.files = events == null ? null : new WatchedFiles(source, wiring.clock(), events);
    this.poll = new Alarm(vertx);
  }

  private @Nullable FileWatch watch() {
    try {
      return FileWatch.start(() -> context.runOnContext(event -> look()));
    } catch (IOException e) {
      LOG.warn(
          "{} is not watched, only looked at every {}: {}", settings.path(), settings.poll(), e);
      return null;
    }
  }

  @Override
  public void start() {
    look();
  }

  /** One after the other: blocking work of one context is ordered. */
  private void look() {
    if (stopped) {
      return;
    }
    poll.set(settings.poll(), this::look);
    context
        .<Optional<TargetList>>executeBlocking(this::read)
        .onSuccess(this::use)
        .onFailure(e -> fail(e.toString()));
  }

  /** Nothing when the file is as it was. Blocks. */
  private Optional<TargetList> read() {
    WatchedFiles watched = files;
    if (watched == null) {
      return Optional.of(list());
    }
    if (watched.unchanged()) {
      return Optional.empty();
    }
    Stamp before = watched.look();
    TargetList read = list();
    watched.read(before, Set.of());
    return Optional.of(read);
  }

  private TargetList list() {
    Sources sources = source.read();
    return sources.problems().isEmpty()
        ? TargetList.read(sources.texts().get(0))
        : new TargetList(List.of(), sources.problems());
  }

  /** A list that is as it was is a success too, if it was one; an error is told once. */
  private void use(Optional<TargetList> read) {
    TargetList now = read.orElse(last);
    last = now;
    String errors =
        now.problems().stream()
            .filter(problem -> problem.severity() == Severity.ERROR)
            .map(Problem::toString)
            .collect(Collectors.joining("; "));
    if (stopped) {
      return;
    }
    if (errors.isEmpty()) {
      findings.found(now.targets());
    } else if (read.isPresent()) {
      findings.failed(errors);
    }
  }

  private void fail(String why) {
    if (!stopped) {
      findings.failed(why);
    }
  }

  @Override
  public void stop() {
    stopped = true;
    poll.cancel();
    FileWatch watch = events;
    if (watch != null) {
      watch.close();
    }
  }
}
