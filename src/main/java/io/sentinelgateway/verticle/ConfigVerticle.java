package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.bus.Topics.Applied;
import io.sentinelgateway.bus.Topics.Rejected;
import io.sentinelgateway.bus.Topics.Reload;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ServerConfig.ReloadConfig;
import io.sentinelgateway.observe.ReloadMetrics;
import io.sentinelgateway.observe.ReloadMetrics.Result;
import io.sentinelgateway.schema.Problem;
import io.sentinelgateway.schema.Summary;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.source.Stamp;
import io.sentinelgateway.source.WatchedFiles;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the source, reads and checks what it finds, and hands on what is valid and new.
 *
 * <p>vertx-config scans the source and says when it has changed; a file watch wakes this verticle
 * at once. Both only wake it: the library puts a configuration in force before it asks whether it
 * is valid, so reading and judging are done here, and a bad one never replaces a good one.
 */
final class ConfigVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(ConfigVerticle.class);

  private final ConfigInput input;
  private final ControlState state;
  private final ReloadMetrics metrics;
  private final Setup setup;
  private final KnownGood knownGood;
  private @Nullable GatewayConfig inForce;
  private @Nullable SourceWatch watch;
  private Future<ReloadOutcome> running = Future.succeededFuture();
  private @Nullable Future<ReloadOutcome> waiting;
  private List<Problem> lastProblems = List.of();
  private long version;

  ConfigVerticle(ConfigInput input, ControlState state, Setup setup) {
    this.input = input;
    this.state = state;
    this.setup = setup;
    this.metrics = setup.metrics().reloads();
    this.knownGood = new KnownGood(input.served());
  }

  /**
   * Where configurations come from.
   *
   * @param first the one to start with
   * @param stale true when the source's own was refused and this is the last good one
   * @param read reads the source; blocks
   * @param path to be watched; empty: nothing is
   * @param served how long a configuration must have served to be known as good
   */
  record ConfigInput(
      Accepted first,
      boolean stale,
      Callable<Sources> read,
      ConfigReader reader,
      String path,
      Duration served) {}

  @Override
  public Future<?> start() {
    Topics.RELOAD.serve(vertx, this::reload);
    return apply(input.first()).onSuccess(this::begun);
  }

  private void begun(ReloadOutcome outcome) {
    if (!input.path().isEmpty()) {
      ReloadConfig settings = input.first().config().server().reload();
      SourceWatch started =
          new SourceWatch(
              vertx,
              Path.of(input.path()),
              settings,
              setup.clocks().clock(),
              why -> reload(new Reload(why)));
      // Before the start: a first scan that ends at once asks for it.
      watch = started;
      started.start();
    }
    if (input.stale()) {
      // Says what is wrong with the source: to the log, the metrics and the status.
      state.stale(true);
      reload(new Reload("start"));
    }
  }

  /** One look at a time; whoever asks while one waits to begin shares it. */
  private Future<ReloadOutcome> reload(Reload message) {
    Future<ReloadOutcome> shared = waiting;
    if (shared != null) {
      return shared;
    }
    Future<ReloadOutcome> next = running.transform(done -> begin(message));
    waiting = running.isComplete() ? null : next;
    running = next;
    return next;
  }

  private Future<ReloadOutcome> begin(Reload message) {
    waiting = null;
    if (state.draining()) {
      return Future.succeededFuture(new ReloadOutcome("unchanged", version, List.of()));
    }
    LOG.debug("looking at the configuration: {}", message.why());
    Optional<WatchedFiles> files = Optional.ofNullable(watch).flatMap(SourceWatch::files);
    return vertx
        .executeBlocking(() -> files.isPresent() ? look(files.get()) : look())
        .compose(this::judge)
        .onFailure(e -> LOG.error("a look at the configuration failed", e));
  }

  /** Twice when it names files for the first time: these were not watched while they were read. */
  private Look look(WatchedFiles files) throws Exception {
    Stamp before = files.look();
    Look look = look();
    if (files.read(look.usable(before), look.result().files())) {
      return look;
    }
    before = files.look();
    Look again = look();
    files.read(again.usable(before), again.result().files());
    return again;
  }

  private Look look() throws Exception {
    Sources sources = input.read().call();
    return new Look(sources, input.reader().read(sources));
  }

  private record Look(Sources sources, ReadResult result) {

    /** What was refused is looked at again whenever something happens: it may be mended. */
    @Nullable Stamp usable(@Nullable Stamp stamp) {
      return result.config().isPresent() ? stamp : null;
    }
  }

  private Future<ReloadOutcome> judge(Look look) {
    if (look.result().config().isEmpty()) {
      return Future.succeededFuture(
          rejected(look.result(), look.result().problems(), Result.REJECTED));
    }
    GatewayConfig config = look.result().config().get();
    if (config.equals(inForce)) {
      return Future.succeededFuture(unchanged(look.result().problems()));
    }
    return apply(new Accepted(look.result(), config, look.sources()))
        .recover(
            failure ->
                failure instanceof RejectedException refused
                    ? Future.succeededFuture(
                        rejected(look.result(), refused.problems(), Result.ABANDONED))
                    : Future.failedFuture(failure));
  }

  /** An equal configuration is not a reload; but it may follow one that was refused. */
  private ReloadOutcome unchanged(List<Problem> warnings) {
    metrics.unchanged();
    if (state.stale()) {
      state.stale(false);
      state.reloaded("unchanged", setup.clocks().clock().instant(), warnings);
      LOG.info("the source holds again what is in force (version {})", version);
    }
    lastProblems = List.of();
    return new ReloadOutcome("unchanged", version, warnings);
  }

  private Future<ReloadOutcome> apply(Accepted accepted) {
    return Topics.APPLY.ask(vertx, accepted).map(applied -> applied(accepted, applied));
  }

  private ReloadOutcome applied(Accepted accepted, Applied applied) {
    inForce = accepted.config();
    version = applied.snapshot().version();
    lastProblems = List.of();
    List<Problem> warnings = accepted.result().problems();
    warnings.forEach(problem -> LOG.warn("{}", problem));
    LOG.info("configuration version {} (sha {}) is in force", version, applied.snapshot().hash());
    state.stale(false);
    state.reloaded("applied", setup.clocks().clock().instant(), warnings);
    metrics.applied(version, applied.snapshot().hash(), setup.clocks().clock().millis());
    knownGood.keepLater(vertx, accepted);
    SourceWatch watching = watch;
    if (watching != null) {
      watching.adjust(accepted.config().server().reload());
    }
    return new ReloadOutcome("applied", version, warnings);
  }

  private ReloadOutcome rejected(ReadResult result, List<Problem> problems, Result why) {
    metrics.refused(why);
    if (!problems.equals(lastProblems)) {
      // Said once, not again with every scan.
      lastProblems = problems;
      problems.forEach(problem -> LOG.error("{}", problem));
      LOG.error(
          "{} The running configuration (version {}) stays in use.", Summary.of(problems), version);
      Topics.REJECTED.publish(vertx, new Rejected(result.shortHash(), problems));
    }
    // Last: whoever sees it in /status finds the reasons in the log.
    state.stale(true);
    state.reloaded("rejected", setup.clocks().clock().instant(), problems);
    return new ReloadOutcome("rejected", version, problems);
  }

  @Override
  public Future<?> stop() {
    SourceWatch watching = watch;
    return watching == null ? Future.succeededFuture() : watching.close();
  }
}
