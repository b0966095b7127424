package io.sentinelgateway.upstream;

import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Target;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves targets out for a while that failed too often in a row, where one owner both judges and
 * decides. Confined to that owner's context.
 */
public final class PassiveHealth {

  private static final Logger LOG = LoggerFactory.getLogger(PassiveHealth.class);

  private final Vertx vertx;

  public PassiveHealth(Vertx vertx) {
    this.vertx = vertx;
  }

  /** Looks at every target once; to be called some times a second. */
  public void judge(Collection<Upstream> upstreams) {
    for (Upstream upstream : upstreams) {
      Optional<PassiveConfig> passive = upstream.settings().health().passive();
      if (passive.isPresent()) {
        upstream.targets().forEach(target -> judge(upstream, target, passive.get()));
      }
    }
  }

  private void judge(Upstream upstream, Target target, PassiveConfig passive) {
    int failures = target.state().failuresInARow();
    if (target.state().available()
        && failures >= passive.consecutiveFailures()
        && out(upstream) + 1 <= passive.maxEjected().share() * upstream.targets().size()) {
      target.state().healthy(false);
      LOG.warn(
          "target {} is left out for {} s: {} failures in a row",
          target.key(),
          passive.ejectFor().toSeconds(),
          failures);
      vertx.setTimer(Math.max(1, passive.ejectFor().toMillis()), timer -> takeBack(target));
    }
  }

  private static long out(Upstream upstream) {
    return upstream.targets().stream().filter(target -> !target.state().available()).count();
  }

  private static void takeBack(Target target) {
    target.state().healthy(true);
    LOG.info("target {} gets requests again", target.key());
  }
}
