package io.sentinelgateway.verticle;

import io.sentinelgateway.bus.Topics;
import io.sentinelgateway.bus.Topics.PrepareAgents;
import io.sentinelgateway.bus.Topics.PreparedAgents;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;

/**
 * Keeps the links to external agents. A configuration cannot name any yet, so there is nothing to
 * connect: it takes its place in the sequence and says so.
 */
final class AgentVerticle extends VerticleBase {

  @Override
  public Future<?> start() {
    Topics.PREPARE_AGENTS.serve(vertx, this::prepare);
    return Future.succeededFuture();
  }

  private Future<PreparedAgents> prepare(PrepareAgents message) {
    return Future.succeededFuture(new PreparedAgents(message.version()));
  }
}
