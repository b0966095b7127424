package io.sentinelgateway.runtime;

import io.sentinelgateway.config.FilterRef;
import io.sentinelgateway.config.FilterSettings;
import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.exchange.Filter;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.filter.FilterKinds;
import io.sentinelgateway.filter.FilterWiring;
import io.sentinelgateway.filter.UsesUpstreams;
import io.sentinelgateway.forward.ForwardHandler;
import io.sentinelgateway.handler.HandlerWiring;
import io.sentinelgateway.route.Route;
import io.sentinelgateway.route.RouteCompiler;
import io.sentinelgateway.route.RouteTable;
import io.sentinelgateway.runtime.RoutePlan.NamedFilter;
import io.sentinelgateway.upstream.Upstream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns a checked configuration and its upstreams into a snapshot. Pure: it changes nothing, and
 * what did not change since the previous snapshot is taken over from it as it is, so that state of
 * filters and retry budgets survives an edit that does not concern them.
 */
public final class SnapshotCompiler {

  private final Environment environment;

  public SnapshotCompiler(Environment environment) {
    this.environment = environment;
  }

  /**
   * @param version of the snapshot to be made
   * @param hash first digits of the content's hash
   * @param previous the snapshot in force; {@code null} for the first one
   * @throws UnusableConfigException when a part that the reader found no fault with cannot be built
   */
  public RuntimeSnapshot compile(
      long version,
      String hash,
      GatewayConfig config,
      Map<String, Upstream> upstreams,
      @Nullable RuntimeSnapshot previous) {
    Run run = new Run(config, upstreams, previous);
    Map<String, Filter> filters = new LinkedHashMap<>();
    config.filters().forEach((id, settings) -> filters.put(id, run.filter(id, settings)));
    Map<String, RoutePlan> plans = new LinkedHashMap<>();
    config.routes().forEach((id, route) -> plans.put(id, run.plan(id, route, filters)));
    return new RuntimeSnapshot(
        version,
        hash,
        config,
        upstreams,
        Collections.unmodifiableMap(filters),
        Collections.unmodifiableMap(plans),
        tables(config, plans),
        ListenerTls.of(config, previous),
        new TrustedProxies(config.server().trustedProxies()));
  }

  private static Map<String, RouteTable> tables(
      GatewayConfig config, Map<String, RoutePlan> plans) {
    List<Route> routes = RouteCompiler.compile(config.routes(), id -> plans.get(id).pipeline());
    Map<String, RouteTable> tables = new LinkedHashMap<>();
    config.listeners().keySet().forEach(id -> tables.put(id, RouteTable.of(routes, id)));
    return Collections.unmodifiableMap(tables);
  }

  /** One compilation. */
  private final class Run {

    private final FilterWiring filterWiring;
    private final HandlerWiring handlerWiring;
    private final @Nullable RuntimeSnapshot previous;
    private final Filter forwarded;

    Run(GatewayConfig config, Map<String, Upstream> upstreams, @Nullable RuntimeSnapshot previous) {
      this.filterWiring = environment.filters(config, upstreams);
      this.handlerWiring = environment.handlers(upstreams);
      // Filters are built with the server's settings and agents: others make other filters.
      boolean comparable =
          previous != null
              && sameForFilters(previous.config().server(), config.server())
              && previous.config().agents().equals(config.agents());
      this.previous = comparable ? previous : null;
      this.forwarded = FilterKinds.forwarded(filterWiring);
    }

    /** Patience, intervals and the like are no business of a filter. */
    private static boolean sameForFilters(ServerConfig one, ServerConfig other) {
      return one.trustedProxies().equals(other.trustedProxies())
          && one.requestId().equals(other.requestId())
          && one.name().equals(other.name())
          && one.mergeSlashes() == other.mergeSlashes()
          && one.plugins().equals(other.plugins());
    }

    Filter filter(String id, FilterSettings settings) {
      Filter old = previous == null ? null : previous.filters().get(id);
      if (old != null && settings.equals(previous.config().filters().get(id)) && upToDate(old)) {
        return old;
      }
      try {
        return FilterKinds.create(settings, filterWiring);
      } catch (IllegalArgumentException e) {
        throw new UnusableConfigException("filters", id, e);
      }
    }

    private boolean upToDate(Filter filter) {
      return !(filter instanceof UsesUpstreams user) || user.upToDate(handlerWiring::upstream);
    }

    RoutePlan plan(String id, RouteConfig config, Map<String, Filter> named) {
      RoutePlan old = previous == null ? null : previous.plans().get(id);
      if (old != null && old.config().equals(config) && reusable(old, config, named)) {
        return old;
      }
      try {
        return new RoutePlan(config, filters(config, named), terminal(config, old));
      } catch (IllegalArgumentException e) {
        throw new UnusableConfigException("routes", id, e);
      }
    }

    private Handler terminal(RouteConfig config, @Nullable RoutePlan old) {
      return old != null
              && old.config().handler().equals(config.handler())
              && old.terminal() instanceof ForwardHandler forward
          ? forward.toward(handlerWiring::upstream)
          : Catalog.handler(config.handler(), handlerWiring);
    }

    /**
     * Whether everything the old plan holds is what a new one would hold: the very same objects.
     */
    @SuppressWarnings("ReferenceEquality")
    private boolean reusable(RoutePlan old, RouteConfig config, Map<String, Filter> named) {
      for (FilterRef ref : config.filters()) {
        if (ref instanceof FilterRef.Named name
            && old.filters().stream().noneMatch(f -> f.filter() == named.get(name.id()))) {
          return false;
        }
      }
      if (!old.filters().stream().allMatch(f -> upToDate(f.filter()))) {
        return false;
      }
      return !(old.terminal() instanceof ForwardHandler forward)
          || forward.upstreams().stream().allMatch(u -> handlerWiring.upstream(u.id()) == u);
    }

    private List<NamedFilter> filters(RouteConfig config, Map<String, Filter> named) {
      List<NamedFilter> filters = new ArrayList<>();
      for (FilterRef ref : config.filters()) {
        if (ref instanceof FilterRef.Named name) {
          filters.add(new NamedFilter(name.id(), named.get(name.id())));
        } else if (ref instanceof FilterRef.Inline inline) {
          Filter filter = FilterKinds.create(inline.settings(), filterWiring);
          filters.add(new NamedFilter(FilterKinds.word(inline.settings()), filter));
        }
      }
      if (filters.stream().noneMatch(f -> FilterKinds.forwarded(f.filter()))) {
        // No route passes a client's claims about itself on, named filter or not.
        filters.add(0, new NamedFilter("forwarded", forwarded));
      }
      return filters;
    }
  }
}
