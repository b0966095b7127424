package io.sentinelgateway.runtime;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.forward.ForwardHandler;
import io.sentinelgateway.resilience.Priority;
import io.sentinelgateway.route.RouteTable;
import io.sentinelgateway.upstream.Upstream;
import java.util.HashMap;
import java.util.Map;

/**
 * Everything a request needs, built from one valid configuration. Immutable; shared by all loops.
 *
 * @param version counts the configurations that were adopted by this process, from 1
 * @param hash first digits of the content's hash
 * @param config what it was built from
 * @param upstreams by id
 * @param filters named ones, by id
 * @param plans what each route does, by its id
 * @param tables routes of each listener, by the listener's id
 * @param tls of each listener that speaks it, by the listener's id
 * @param trusted which peers are proxies whose forwarding fields are believed
 */
public record RuntimeSnapshot(
    long version,
    String hash,
    GatewayConfig config,
    Map<String, Upstream> upstreams,
    Map<String, Filter> filters,
    Map<String, RoutePlan> plans,
    Map<String, RouteTable> tables,
    Map<String, ListenerTls> tls,
    TrustedProxies trusted) {

  /**
   * It is in force: tells the upstreams which classes of requests its routes send, and no other.
   */
  public void announce() {
    Map<String, Priority> highest = new HashMap<>();
    for (RoutePlan plan : plans.values()) {
      if (plan.terminal() instanceof ForwardHandler forward) {
        forward.announce(highest);
      }
    }
    upstreams.forEach(
        (id, upstream) -> upstream.state().expect(highest.getOrDefault(id, Priority.LOW)));
  }
}
