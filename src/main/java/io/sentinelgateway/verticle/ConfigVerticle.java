package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.bus.Topics.Applied;
import io.sentinelgateway.bus.Topics.Rejected;
import io.sentinelgateway.bus.Topics.Reload;
import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.Problem;
import io.sentinelgateway.config.ServerConfig.ReloadConfig;
import io.sentinelgateway.config.Summary;
import io.sentinelgateway.observe.ReloadMetrics;
import io.sentinelgateway.observe.ReloadMetrics.Result;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  private @Nullable FileWatch watch;
  private @Nullable ConfigRetriever retriever;
  private Future<ReloadOutcome> running = Future.succeededFuture();
  private @Nullable Future<ReloadOutcome> waiting;
  private List<Problem> lastProblems = List.of();
  private long version;
  private long debounce = -1;

  ConfigVerticle(ConfigInput input, ControlState state, Setup setup) {
    this.input = input;
    this.state = state;
    this.setup = setup;
    this.metrics = setup.metrics().reloads();
    this.knownGood = new KnownGood();
  }

  /**
   * Where configurations come from.
   *
   * @param first the one to start with
   * @param stale true when the source's own was refused and this is the last good one
   * @param read reads the source; blocks
   */
  record ConfigInput(
      Accepted first, boolean stale, Callable<Sources> read, ConfigReader reader, String path) {}

  @Override
  public Future<?> start() {
    Topics.RELOAD.serve(vertx, this::reload);
    return apply(input.first())
        .map(
            outcome -> {
              state.stale(input.stale());
              if (!input.path().isEmpty()) {
                watch(input.first().config().server().reload());
              }
              return outcome;
            });
  }

  private void watch(ReloadConfig reload) {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType(SourceStore.TYPE)
            .setConfig(new JsonObject().put(SourceStore.PATH, input.path()));
    ConfigRetrieverOptions options =
        new ConfigRetrieverOptions()
            .setScanPeriod(reload.poll().toMillis())
            .setIncludeDefaultStores(false)
            .addStore(store);
    ConfigRetriever scanning = ConfigRetriever.create(vertx, options);
    retriever = scanning;
    scanning.listen(change -> reload(new Reload("scan")));
    scanning.getConfig().onFailure(e -> LOG.warn("the configuration source cannot be scanned", e));
    try {
      var context = vertx.getOrCreateContext();
      Runnable wake = () -> context.runOnContext(v -> touched(reload));
      watch = FileWatch.start(Path.of(input.path()), wake);
    } catch (IOException e) {
      LOG.warn("{} is not watched, only scanned every {}: {}", input.path(), reload.poll(), e);
    }
  }

  /** Waits until the writer has been silent for a moment. */
  private void touched(ReloadConfig reload) {
    vertx.cancelTimer(debounce);
    debounce =
        vertx.setTimer(
            Math.max(1, reload.debounce().toMillis()), timer -> reload(new Reload("file event")));
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
    LOG.debug("looking at the configuration: {}", message.why());
    return vertx
        .executeBlocking(
            () -> {
              Sources sources = input.read().call();
              return new Look(sources, input.reader().read(sources));
            })
        .compose(this::judge);
  }

  private record Look(Sources sources, ReadResult result) {}

  private Future<ReloadOutcome> judge(Look look) {
    if (look.result().config().isEmpty()) {
      return Future.succeededFuture(
          rejected(look.result(), look.result().problems(), Result.REJECTED));
    }
    GatewayConfig config = look.result().config().get();
    if (config.equals(inForce)) {
      state.stale(false);
      lastProblems = List.of();
      return Future.succeededFuture(
          new ReloadOutcome("unchanged", version, look.result().problems()));
    }
    return apply(new Accepted(look.result(), config, look.sources()))
        .recover(
            failure ->
                failure instanceof RejectedException refused
                    ? Future.succeededFuture(
                        rejected(look.result(), refused.problems(), Result.ABANDONED))
                    : Future.failedFuture(failure));
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
    return new ReloadOutcome("applied", version, warnings);
  }

  private ReloadOutcome rejected(ReadResult result, List<Problem> problems, Result why) {
    metrics.refused(why);
    state.stale(true);
    state.reloaded("rejected", setup.clocks().clock().instant(), problems);
    if (!problems.equals(lastProblems)) {
      // Said once, not again with every scan.
      lastProblems = problems;
      problems.forEach(problem -> LOG.error("{}", problem));
      LOG.error(
          "{} The running configuration (version {}) stays in use.", Summary.of(problems), version);
      Topics.REJECTED.publish(vertx, new Rejected(result.shortHash(), problems));
    }
    return new ReloadOutcome("rejected", version, problems);
  }

  @Override
  public Future<?> stop() throws IOException {
    if (watch != null) {
      watch.close();
    }
    return retriever == null ? Future.succeededFuture() : retriever.close();
  }
}
