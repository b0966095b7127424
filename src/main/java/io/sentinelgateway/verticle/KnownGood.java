package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics.Accepted;
import io.sentinelgateway.source.LastKnownGood;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a configuration that has served for a while, to start from when the source is broken.
 * Confined to the context of the verticle that uses it.
 */
final class KnownGood {

  private static final Logger LOG = LoggerFactory.getLogger(KnownGood.class);

  /** Long enough to see that it serves; short enough to be there after a crash. */
  private static final long SERVED_MILLIS = 5_000;

  private long timer = -1;

  void keepLater(Vertx vertx, Accepted accepted) {
    vertx.cancelTimer(timer);
    String folder = accepted.config().server().reload().lastKnownGood();
    if (!folder.isEmpty()) {
      timer = vertx.setTimer(SERVED_MILLIS, id -> keep(vertx, folder, accepted));
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
