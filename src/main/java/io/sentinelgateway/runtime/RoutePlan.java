package io.sentinelgateway.runtime;

import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import java.util.List;

/**
 * What a route does with a request, as parts and as the pipeline folded from them. Immutable.
 *
 * @param config what it was built from
 * @param filters in the order in which they see a request
 * @param terminal who answers in the end
 * @param pipeline the filters over the terminal
 */
public record RoutePlan(
    RouteConfig config, List<NamedFilter> filters, Handler terminal, Handler pipeline) {

  RoutePlan(RouteConfig config, List<NamedFilter> filters, Handler terminal) {
    this(config, List.copyOf(filters), terminal, fold(filters, terminal));
  }

  private static Handler fold(List<NamedFilter> filters, Handler terminal) {
    Handler pipeline = terminal;
    for (int i = filters.size() - 1; i >= 0; i--) {
      pipeline = filters.get(i).filter().over(pipeline);
    }
    return pipeline;
  }

  /**
   * A filter of a route.
   *
   * @param name its id, or its type when it was written in place
   */
  public record NamedFilter(String name, Filter filter) {}
}
