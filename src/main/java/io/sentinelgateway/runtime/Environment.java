package io.sentinelgateway.runtime;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.agent.Agents;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.filter.FilterWiring;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.handler.HandlerWiring;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * What snapshots are built with and do not contain. Immutable.
 *
 * @param loops number of event loops
 * @param plugins finds the interceptors of a folder
 * @param agents those that filters ask
 * @param status what the gateway says about itself
 */
public record Environment(
    Vertx vertx,
    int loops,
    Function<String, Plugins> plugins,
    Agents agents,
    GatewayStatus status) {

  /** With interceptors that stay loaded, a folder once. */
  public static Environment of(Vertx vertx, int loops, Agents agents, GatewayStatus status) {
    Map<String, Plugins> loaded = new ConcurrentHashMap<>();
    return new Environment(
        vertx,
        loops,
        folder -> loaded.computeIfAbsent(folder, path -> new Plugins(Path.of(path))),
        agents,
        status);
  }

  FilterWiring filters(GatewayConfig config, Map<String, Upstream> upstreams) {
    ServerConfig server = config.server();
    return new FilterWiring() {
      @Override
      public ServerConfig server() {
        return server;
      }

      @Override
      public Plugins plugins() {
        return plugins.apply(server.plugins());
      }

      @Override
      public Agent agent(String id) {
        return agents.get(id, config.agents().get(id));
      }

      @Override
      public Upstream upstream(String id) {
        return upstreams.get(id);
      }
    };
  }

  HandlerWiring handlers(Map<String, Upstream> upstreams) {
    return new HandlerWiring() {
      @Override
      public Vertx vertx() {
        return vertx;
      }

      @Override
      public GatewayStatus status() {
        return status;
      }

      @Override
      public Upstream upstream(String id) {
        return upstreams.get(id);
      }

      @Override
      public int loops() {
        return loops;
      }
    };
  }
}
