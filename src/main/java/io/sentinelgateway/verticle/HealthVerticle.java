package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.health.HealthWatch;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Looks after targets: checks them, and judges them by the requests they get anyway.
 *
 * <p>The request path counts and tells nobody: no event leaves it. Here the counts are read some
 * times a second, so a failing target is left out at most that much later, and a request never
 * waits for a verdict.
 */
final class HealthVerticle extends VerticleBase {

  private static final long LOOK_MILLIS = 50;

  private final Setup setup;
  private HealthWatch watch;

  HealthVerticle(Setup setup) {
    this.setup = setup;
  }

  @Override
  public Future<?> start() {
    watch =
        new HealthWatch(
            vertx,
            setup.clocks().nanoTime(),
            setup.clocks().random().get(),
            verdict -> Topics.VERDICT.publish(vertx, verdict));
    Topics.WATCH_TARGETS.subscribe(vertx, message -> watch.watch(message.targets()));
    vertx.setPeriodic(LOOK_MILLIS, timer -> watch.look());
    return Future.succeededFuture();
  }

  @Override
  public Future<?> stop() {
    watch.close();
    return Future.succeededFuture();
  }
}
