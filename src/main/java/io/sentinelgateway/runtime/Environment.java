package io.sentinelgateway.runtime;

import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.filter.FilterWiring;
import io.sentinelgateway.filter.Plugins;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.handler.HandlerWiring;
import io.sentinelgateway.upstream.Upstream;
import io.vertx.core.Vertx;
import java.util.Map;
import java.util.function.Function;

/**
 * What snapshots are built with and do not contain. Immutable.
 *
 * @param loops number of event loops
 * @param plugins finds the interceptors of a folder
 * @param status what the gateway says about itself
 */
public record Environment(
    Vertx vertx, int loops, Function<String, Plugins> plugins, GatewayStatus status) {

  FilterWiring filters(ServerConfig server) {
    return new FilterWiring() {
      @Override
      public ServerConfig server() {
        return server;
      }

      @Override
      public Plugins plugins() {
        return plugins.apply(server.plugins());
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
