package io.sentinelgateway.filter;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.vertx.core.Future;

/**
 * {@code agent}: lets a program outside of the gateway decide. Immutable; shared by all loops, each
 * of which has its own connections to the agent.
 */
final class AgentFilter implements Filter {

  private final AgentSettings settings;
  private final Agent agent;

  AgentFilter(AgentSettings settings, FilterWiring wiring) {
    this.settings = settings;
    this.agent = wiring.agent(settings.agent());
  }

  @Override
  public Future<ProxyResponse> apply(Exchange exchange, Handler next) {
    double share = settings.sample().share();
    boolean asked = share >= 1 || exchange.loop().random().nextDouble() < share;
    return asked ? new Consultation(exchange, next, settings, agent).run() : next.handle(exchange);
  }
}
