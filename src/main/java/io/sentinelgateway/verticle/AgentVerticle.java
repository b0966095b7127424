package io.sentinelgateway.verticle;

import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.PrepareAgents;
import io.sentinelgateway.bus.Topics.PreparedAgents;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Looks after the external agents: makes those of a configuration before it is compiled, and
 * retires those that no configuration in force names. Their connections are each event loop's own.
 */
final class AgentVerticle extends VerticleBase {

  private final Agents agents;

  AgentVerticle(Setup setup) {
    this.agents = setup.agents();
    setup.metrics().agents(agents);
  }

  @Override
  public Future<?> start() {
    Topics.PREPARE_AGENTS.serve(vertx, this::prepare);
    Topics.IN_FORCE.subscribe(
        vertx, inForce -> agents.retain(inForce.snapshot().config().agents()));
    return Future.succeededFuture();
  }

  private Future<PreparedAgents> prepare(PrepareAgents message) {
    message.config().agents().forEach(agents::get);
    return Future.succeededFuture(new PreparedAgents(message.version()));
  }
}
