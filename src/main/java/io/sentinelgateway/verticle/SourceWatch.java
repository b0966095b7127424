package io.sentinelgateway.verticle;

import io.sentinelgateway.config.ServerConfig.ReloadConfig;
import io.vertx.config.ConfigRetriever;
import io.vertx.config.ConfigRetrieverOptions;
import io.vertx.config.ConfigStoreOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says when the source of the configuration may have changed: vertx-config scans it, and a file
 * watch wakes at once. Confined to the context of the verticle that uses it, but for {@link
 * #cover}.
 */
final class SourceWatch {

  private static final Logger LOG = LoggerFactory.getLogger(SourceWatch.class);

  /** A writer who never rests is not waited for any longer than so many times the debounce. */
  private static final int MOST_DEBOUNCES = 4;

  private final Vertx vertx;
  private final Path source;
  private final Consumer<String> changed;
  private ReloadConfig settings;
  private @Nullable FileWatch files;
  private @Nullable ConfigRetriever scanning;
  private long debounce = -1;
  private long firstEventNanos;

  /**
   * @param changed gets what woke it, in a few words
   */
  SourceWatch(Vertx vertx, Path source, ReloadConfig settings, Consumer<String> changed) {
    this.vertx = vertx;
    this.source = source;
    this.settings = settings;
    this.changed = changed;
  }

  void start() {
    scan();
    var context = vertx.getOrCreateContext();
    try {
      files = FileWatch.start(source, () -> context.runOnContext(v -> touched()));
    } catch (IOException e) {
      LOG.warn("{} is not watched, only scanned every {}: {}", source, settings.poll(), e);
    }
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
        .onSuccess(first -> changed.accept("first scan"))
        .onFailure(e -> LOG.warn("{} cannot be scanned", source, e));
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

  /** Watches these files as well, instead of those that it was told of before. */
  void follow(Set<Path> others) {
    FileWatch watch = files;
    if (watch != null) {
      vertx.executeBlocking(
          () -> {
            watch.also(others);
            return null;
          });
    }
  }

  /** Links may lead to other directories by now: these are watched too. Any thread; blocks. */
  void cover() {
    FileWatch watch = files;
    if (watch != null) {
      watch.cover();
    }
  }

  /** Waits until the writer has been silent for a moment. */
  private void touched() {
    long now = System.nanoTime();
    boolean first = !vertx.cancelTimer(debounce);
    firstEventNanos = first ? now : firstEventNanos;
    long patience = firstEventNanos + MOST_DEBOUNCES * settings.debounce().toNanos() - now;
    long nanos = Math.min(settings.debounce().toNanos(), patience);
    debounce =
        vertx.setTimer(Math.max(1, nanos / 1_000_000), timer -> changed.accept("file event"));
  }

  private Future<Void> stopScanning() {
    ConfigRetriever retriever = scanning;
    return retriever == null ? Future.succeededFuture() : retriever.close();
  }

  Future<Void> close() {
    vertx.cancelTimer(debounce);
    FileWatch watch = files;
    if (watch != null) {
      watch.close();
    }
    return stopScanning();
  }
}
