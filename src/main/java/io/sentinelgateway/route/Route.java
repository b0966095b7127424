package io.sentinelgateway.route;

import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.ProxyResponse;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;

/** One route of one configuration version, ready to be taken. Immutable; shared by all loops. */
public final class Route {

  private final String id;
  private final int priority;
  private final List<String> listeners;
  private final Handler pipeline;
  private final Conditions conditions;

  private Route(String id, RouteConfig config, Handler pipeline) {
    this.id = id;
    this.priority = config.priority();
    this.listeners = List.copyOf(config.listeners());
    this.pipeline = pipeline;
    this.conditions = Conditions.of(config.match());
  }

  /**
   * Compiles a route.
   *
   * @param pipeline its filters, folded over its terminal handler
   * @throws IllegalArgumentException for a pattern that cannot be used; {@link RouteCompiler#check}
   *     reports those with their place
   */
  public static Route of(String id, RouteConfig config, Handler pipeline) {
    return new Route(id, config, pipeline);
  }

  public String id() {
    return id;
  }

  public int priority() {
    return priority;
  }

  /** True when requests of a listener may take it. */
  public boolean belongsTo(String listener) {
    return listeners.isEmpty() || listeners.contains(listener);
  }

  /** Its filters, folded over its terminal handler. */
  public Handler pipeline() {
    return pipeline;
  }

  /** Takes the route: notes its id and the segments that its template names, then handles. */
  public Future<ProxyResponse> handle(Exchange exchange) {
    exchange.record().route = id;
    if (conditions.path() instanceof PathTemplate template) {
      exchange.pathParameters(template.capture(exchange.head().path()));
    }
    return pipeline.handle(exchange);
  }

  /** Segments of a path that the route's template names, as they stand in it; usually empty. */
  public Map<String, String> pathParameters(String path) {
    return conditions.path() instanceof PathTemplate template ? template.capture(path) : Map.of();
  }

  /** What it asks, for users: {@code host shop.example, prefix /checkout, priority 100}. */
  public String description() {
    return conditions.describe() + (priority == 0 ? "" : ", priority " + priority);
  }

  Conditions conditions() {
    return conditions;
  }

  /** True when every listener of the other route has this one as well. */
  boolean servesAllOf(Route other) {
    return listeners.isEmpty()
        || (!other.listeners.isEmpty() && listeners.containsAll(other.listeners));
  }

  @Override
  public String toString() {
    return id;
  }
}
