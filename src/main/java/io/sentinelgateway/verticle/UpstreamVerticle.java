package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Discovered;
import io.sentinelgateway.bus.Topics.InForce;
import io.sentinelgateway.bus.Topics.MembersChanged;
import io.sentinelgateway.bus.Topics.PrepareUpstreams;
import io.sentinelgateway.bus.Topics.PreparedUpstreams;
import io.sentinelgateway.bus.Topics.TargetHealth;
import io.sentinelgateway.bus.Topics.WatchTargets;
import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Owns the upstreams and is the sole writer of their targets' health. */
final class UpstreamVerticle extends VerticleBase {

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamVerticle.class);

  private final UpstreamRegistry registry = new UpstreamRegistry();

  @Override
  public Future<?> start() {
    Topics.PREPARE_UPSTREAMS.serve(vertx, this::prepare);
    Topics.DISCOVERED.subscribe(vertx, this::discovered);
    Topics.IN_FORCE.subscribe(vertx, this::adopt);
    Topics.TARGET_HEALTH.subscribe(vertx, this::judge);
    return Future.succeededFuture();
  }

  private Future<PreparedUpstreams> prepare(PrepareUpstreams message) {
    return Future.succeededFuture(new PreparedUpstreams(registry.prepare(message.config())));
  }

  private void adopt(InForce message) {
    registry.adopt(message.snapshot().upstreams());
    watchTargets();
  }

  private void discovered(Discovered message) {
    if (registry.discovered(message.source(), message.members())) {
      Upstream upstream = registry.current().get(message.source().upstream());
      Topics.MEMBERS_CHANGED.publish(vertx, new MembersChanged(upstream));
      watchTargets();
    }
  }

  private void watchTargets() {
    Topics.WATCH_TARGETS.publish(
        vertx,
        new WatchTargets(
            registry.current().values().stream().flatMap(u -> u.targets().stream()).toList()));
  }

  private void judge(TargetHealth message) {
    Upstream upstream = registry.current().get(message.target().upstream());
    Optional<Target> target = find(upstream, message.target());
    if (upstream == null || target.isEmpty() || message.leftOutFor().isEmpty()) {
      return;
    }
    if (target.get().state().available() && mayLeaveOut(upstream)) {
      leaveOut(target.get(), message.leftOutFor().get(), message.reason());
    }
  }

  private static Optional<Target> find(@Nullable Upstream upstream, TargetKey key) {
    return upstream == null
        ? Optional.empty()
        : upstream.targets().stream().filter(t -> t.key().equals(key)).findFirst();
  }

  private static boolean mayLeaveOut(Upstream upstream) {
    Optional<PassiveConfig> passive = upstream.settings().health().passive();
    long out = upstream.targets().stream().filter(t -> !t.state().available()).count();
    return passive.isPresent()
        && out + 1 <= passive.get().maxEjected().share() * upstream.targets().size();
  }

  private void leaveOut(Target target, Duration time, String reason) {
    target.state().healthy(false);
    LOG.warn("target {} is left out for {} ms: {}", target.key(), time.toMillis(), reason);
    vertx.setTimer(
        Math.max(1, time.toMillis()),
        timer -> {
          target.state().healthy(true);
          LOG.info("target {} gets requests again", target.key());
        });
  }
}
