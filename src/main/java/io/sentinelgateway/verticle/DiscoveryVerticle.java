package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.Discovered;
import io.sentinelgateway.bus.Topics.PrepareDiscovery;
import io.sentinelgateway.bus.Topics.PreparedDiscovery;
import io.sentinelgateway.discovery.Discoveries;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import java.util.Optional;

/** Runs the sources of targets and passes on what they find. */
final class DiscoveryVerticle extends VerticleBase {

  private final Setup setup;
  private Discoveries discoveries;

  DiscoveryVerticle(Setup setup) {
    this.setup = setup;
  }

  @Override
  public Future<?> start() {
    discoveries =
        new Discoveries(
            vertx,
            setup.clocks().clock(),
            setup.clocks().random().get(),
            name -> Optional.ofNullable(System.getenv(name)),
            (source, members) -> Topics.DISCOVERED.publish(vertx, new Discovered(source, members)));
    setup.metrics().discoveries(discoveries::status);
    Topics.PREPARE_DISCOVERY.serve(vertx, this::prepare);
    Topics.ABANDONED.subscribe(vertx, abandoned -> discoveries.abandon());
    Topics.IN_FORCE.subscribe(
        vertx, inForce -> discoveries.adopt(inForce.snapshot().config().upstreams()));
    return Future.succeededFuture();
  }

  private Future<PreparedDiscovery> prepare(PrepareDiscovery message) {
    return discoveries
        .prepare(message.config().upstreams())
        .map(new PreparedDiscovery(message.version()));
  }

  @Override
  public Future<?> stop() {
    discoveries.close();
    return Future.succeededFuture();
  }
}
