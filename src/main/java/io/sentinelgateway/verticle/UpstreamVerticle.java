package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Discovered;
import io.sentinelgateway.bus.Topics.InForce;
import io.sentinelgateway.bus.Topics.MembersChanged;
import io.sentinelgateway.bus.Topics.PrepareUpstreams;
import io.sentinelgateway.bus.Topics.PreparedUpstreams;
import io.sentinelgateway.bus.Topics.SteerTarget;
import io.sentinelgateway.bus.Topics.WatchTargets;
import io.sentinelgateway.health.HealthBook;
import io.sentinelgateway.health.Transition;
import io.sentinelgateway.target.TargetTls;
import io.sentinelgateway.target.TlsPolicy;
import io.sentinelgateway.tls.OriginTls;
import io.sentinelgateway.upstream.Upstream;
import io.sentinelgateway.upstream.UpstreamRegistry;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Map;

/** Owns the upstreams and is the sole writer of their targets' health. */
final class UpstreamVerticle extends VerticleBase {

  private static final long TICK_MILLIS = 50;

  private final Setup setup;
  private final UpstreamRegistry registry = new UpstreamRegistry();
  private final HealthBook health;

  UpstreamVerticle(Setup setup) {
    this.setup = setup;
    this.health =
        new HealthBook(
            registry, setup.clocks().nanoTime(), setup.clocks().clock(), this::transition);
  }

  @Override
  public Future<?> start() {
    Topics.PREPARE_UPSTREAMS.serve(vertx, this::prepare);
    Topics.DISCOVERED.subscribe(vertx, this::discovered);
    Topics.IN_FORCE.subscribe(vertx, this::adopt);
    Topics.VERDICT.subscribe(vertx, health::judge);
    Topics.STEER_TARGET.serve(vertx, order -> Future.succeededFuture(steer(order)));
    vertx.setPeriodic(TICK_MILLIS, timer -> health.tick());
    return Future.succeededFuture();
  }

  private Future<PreparedUpstreams> prepare(PrepareUpstreams message) {
    Map<TlsPolicy, TargetTls> known = registry.tls();
    return vertx
        .executeBlocking(() -> OriginTls.all(message.config(), known))
        .map(tls -> new PreparedUpstreams(registry.prepare(message.config(), tls)));
  }

  private void adopt(InForce message) {
    registry.adopt(message.snapshot().upstreams());
    message.snapshot().announce();
    watchTargets();
  }

  private void discovered(Discovered message) {
    if (registry.discovered(message.source(), message.members())) {
      Upstream upstream = registry.current().get(message.source().upstream());
      Topics.MEMBERS_CHANGED.publish(vertx, new MembersChanged(upstream));
      watchTargets();
    }
  }

  /** To be called after each change of the targets. */
  private void watchTargets() {
    health.members();
    Topics.WATCH_TARGETS.publish(
        vertx,
        new WatchTargets(
            registry.current().values().stream().flatMap(u -> u.targets().stream()).toList()));
  }

  private boolean steer(SteerTarget message) {
    return switch (message.order()) {
      case DRAIN -> health.drain(message.target());
      case ENABLE -> health.enable(message.target());
      case WEIGHT -> health.weigh(message.target(), message.weight());
    };
  }

  private void transition(Transition transition) {
    setup
        .metrics()
        .health()
        .changed(transition.target().upstream(), transition.to(), transition.reason().word());
  }
}
