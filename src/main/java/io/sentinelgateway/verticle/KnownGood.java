package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.source.LastKnownGood;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a configuration that has served for a while, to start from when the source is broken.
 * Confined to the context of the verticle that uses it.
 */
final class KnownGood {

  private static final Logger LOG = LoggerFactory.getLogger(KnownGood.class);

  private final Duration served;
  private long timer = -1;

  /**
   * @param served long enough to see that it serves; short enough to be there after a crash
   */
  KnownGood(Duration served) {
    this.served = served;
  }

  void keepLater(Vertx vertx, Accepted accepted) {
    vertx.cancelTimer(timer);
    String folder = accepted.config().server().reload().lastKnownGood();
    if (!folder.isEmpty()) {
      timer = vertx.setTimer(Math.max(1, served.toMillis()), id -> keep(vertx, folder, accepted));
    }
  }

  private static void keep(Vertx vertx, String folder, Accepted accepted) {
    vertx
        .executeBlocking(
            () -> {
              new LastKnownGood(Path.of(folder)).keep(accepted.result().hash(), accepted.sources());
              return null;
            })
        .onFailure(e -> LOG.warn("last known good configuration not kept in {}: {}", folder, e));
  }
}
