package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.TargetHealth;
import io.sentinelgateway.bus.Topics.WatchTargets;
import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Target;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.List;
import java.util.Optional;

/**
 * Judges targets by the requests they get anyway.
 *
 * <p>The request path counts failures in a row and tells nobody: no event leaves it. Here the
 * counts are read some times a second, so a failing target is left out at most that much later, and
 * a request never waits for a verdict.
 */
final class HealthVerticle extends VerticleBase {

  private static final long LOOK_MILLIS = 50;

  private List<Target> targets = List.of();

  @Override
  public Future<?> start() {
    Topics.WATCH_TARGETS.subscribe(vertx, this::watch);
    vertx.setPeriodic(LOOK_MILLIS, timer -> targets.forEach(this::judge));
    return Future.succeededFuture();
  }

  private void watch(WatchTargets message) {
    targets =
        message.targets().stream()
            .filter(target -> target.settings().health().passive().isPresent())
            .toList();
  }

  private void judge(Target target) {
    Optional<PassiveConfig> passive = target.settings().health().passive();
    int failures = target.state().failuresInARow();
    if (passive.isPresent()
        && target.state().available()
        && failures >= passive.get().consecutiveFailures()) {
      Topics.TARGET_HEALTH.publish(
          vertx,
          new TargetHealth(
              target.key(),
              Optional.of(passive.get().ejectFor()),
              failures + " failures in a row"));
    }
  }
}
