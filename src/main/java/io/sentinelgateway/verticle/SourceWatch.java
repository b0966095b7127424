package io.sentinelgateway.verticle;

import io.sentinelgateway.config.ServerConfig.ReloadConfig;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.FileWatch;
import io.sentinelgateway.source.WatchedFiles;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the source of the configuration may have changed: vertx-config scans it, and a file
 * watch wakes at once, unless all files look as they did when they were read. Confined to the
 * context of the verticle that uses it, but for {@link #files}.
 */
final class SourceWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);

  /** A writer who never rests is not waited for any longer than so many times the debounce. */
  private static final int MOST_DEBOUNCES = 4;

  private final Vertx vertx;
  private final Path source;
  private final InstantSource clock;
  private final Consumer<String> changed;
  private ReloadConfig settings;
  private @Nullable FileWatch events;
  private @Nullable WatchedFiles files;
  private @Nullable ConfigRetriever scanning;
  private long debounce = -1;
  private long firstEventNanos;

  /**
   * @param clock by which files are new or old
   * @param changed gets what woke it, in a few words
   */
  SourceWatch(
      Vertx vertx,
      Path source,
      ReloadConfig settings,
      InstantSource clock,
      Consumer<String> changed) {
    this.vertx = vertx;
    this.source = source;
    this.clock = clock;
    this.settings = settings;
    this.changed = changed;
  }

  void start() {
    var context = vertx.getOrCreateContext();
    try {
      FileWatch started = FileWatch.start(() -> context.runOnContext(v -> touched()));
      events = started;
      files = new WatchedFiles(new ConfigSource(source), clock, started);
    } catch (IOException e) {
      LOG.warn("{} is not watched, only scanned every {}: {}", source, settings.poll(), e);
    }
    scan();
  }

  private void scan() {
    ConfigStoreOptions store =
        new ConfigStoreOptions()
            .setType(SourceStore.TYPE)
            .setConfig(new JsonObject().put(SourceStore.PATH, source.toString()));
    ConfigRetriever retriever =
        ConfigRetriever.create(
            vertx,
            new ConfigRetrieverOptions()
                .setScanPeriod(settings.poll().toMillis())
                .setIncludeDefaultStores(false)
                .addStore(store));
    scanning = retriever;
    retriever.listen(change -> changed.accept("scan"));
    // What was written before this first look is no change to later ones.
    retriever
        .getConfig()
        .onFailure(e -> LOG.warn("{} cannot be scanned", source, e))
        .onComplete(first -> changed.accept("first scan"));
  }

  /** Goes on by other settings. */
  void adjust(ReloadConfig next) {
    boolean otherPeriod = !next.poll().equals(settings.poll());
    settings = next;
    if (otherPeriod) {
      stopScanning();
      scan();
    }
  }

  /** What whoever reads the source tells that it was read; empty when only scans tell. */
  Optional<WatchedFiles> files() {
    return Optional.ofNullable(files);
  }

  /** Waits until the writer has been silent for a moment. */
  private void touched() {
    long now = System.nanoTime();
    boolean first = !vertx.cancelTimer(debounce);
    firstEventNanos = first ? now : firstEventNanos;
    long patience = firstEventNanos + MOST_DEBOUNCES * settings.debounce().toNanos() - now;
    long nanos = Math.min(settings.debounce().toNanos(), patience);
    debounce = vertx.setTimer(Math.max(1, nanos / 1_000_000), timer -> settled());
  }

  /** In the same order as all blocking work of this context, so that no reading is under way. */
  private void settled() {
    WatchedFiles watched = files;
    vertx
        .executeBlocking(() -> watched != null && watched.unchanged())
        .otherwise(false)
        .onSuccess(
            same -> {
              if (!same) {
                changed.accept("file event");
              }
            });
  }

  private Future<Void> stopScanning() {
    ConfigRetriever retriever = scanning;
    return retriever == null ? Future.succeededFuture() : retriever.close();
  }

  Future<Void> close() {
    vertx.cancelTimer(debounce);
    FileWatch watch = events;
    if (watch != null) {
      watch.close();
    }
    return stopScanning();
  }
}
