package io.sentinelgateway.route;

import io.sentinelgateway.http.RequestHead;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The routes of one listener, indexed by host and path. Immutable; shared by all loops; built off
 * the request path.
 *
 * <p>A request is looked up in at most four places: its exact host, its host without the first
 * label, the routes with regular expressions for hosts, and those for any host. In each place its
 * path is looked up in a hash of exact paths, in a tree of prefixes and templates, and in the list
 * of what neither can answer. All these lists are in the total order of {@link Rule}, so each is
 * read only to its first match or to the rank of the best one so far. What remains is independent
 * of the number of routes, except for those with regular expressions or without a path.
 */
public final class RouteTable {

  /** No routes. */
  public static final RouteTable EMPTY = new RouteTable(List.of());

  private final List<Rule> rules;
  private final SegmentMap<PathIndex> exactHosts;
  private final SegmentMap<PathIndex> wildcardHosts;
  private final PathIndex regexHosts;
  private final PathIndex anyHost;

  private RouteTable(List<Rule> rules) {
    this.rules = rules;
    Builder builder = new Builder();
    Candidate.Ranked.of(rules).forEach(builder::add);
    this.exactHosts = SegmentMap.of(built(builder.exactHosts));
    this.wildcardHosts = SegmentMap.of(built(builder.wildcardHosts));
    this.regexHosts = builder.regexHosts.build();
    this.anyHost = builder.anyHost.build();
  }

  /** The table of one listener: those of the routes that belong to it. */
  public static RouteTable of(List<Route> routes, String listener) {
    return of(routes.stream().filter(route -> route.belongsTo(listener)).toList());
  }

  /** A table of all these routes, which stand in the order of the file. */
  public static RouteTable of(List<Route> routes) {
    return new RouteTable(Rule.sorted(routes));
  }

  /** The route that a request takes; empty when none matches. */
  public Optional<Route> find(RequestHead head) {
    Subject request = new Subject(head);
    String host = head.host();
    Candidate best = Candidate.NONE;
    PathIndex exact = exactHosts.get(host);
    if (exact != null) {
      best = exact.better(request, best);
    }
    int dot = host.indexOf('.');
    if (dot > 0) {
      PathIndex wildcard = wildcardHosts.get(host, dot, host.length());
      if (wildcard != null) {
        best = wildcard.better(request, best);
      }
    }
    best = regexHosts.better(request, best);
    return anyHost.better(request, best).route();
  }

  /** Says which route a request takes, and why the ones before it are not taken. */
  public Explanation explain(RequestHead head) {
    return Explanation.of(rules, head);
  }

  /** Number of routes. */
  public int size() {
    return (int) rules.stream().map(Rule::route).distinct().count();
  }

  private static Map<String, PathIndex> built(Map<String, PathIndex.Builder> builders) {
    Map<String, PathIndex> built = new HashMap<>();
    builders.forEach((host, builder) -> built.put(host, builder.build()));
    return built;
  }

  /** Sorts rules, which must come in order, by host. Confined to one thread. */
  private static final class Builder {

    private final Map<String, PathIndex.Builder> exactHosts = new HashMap<>();
    private final Map<String, PathIndex.Builder> wildcardHosts = new HashMap<>();
    private final PathIndex.Builder regexHosts = new PathIndex.Builder();
    private final PathIndex.Builder anyHost = new PathIndex.Builder();

    void add(Candidate.Ranked rule) {
      HostCondition host = rule.rule().host();
      if (host instanceof HostCondition.Exact exact) {
        exact.names().forEach(name -> at(exactHosts, name).add(rule));
      } else if (host instanceof HostCondition.Wildcard wildcard) {
        wildcard.suffixes().forEach(suffix -> at(wildcardHosts, suffix).add(rule));
      } else if (host instanceof HostCondition.Regex) {
        regexHosts.add(rule);
      } else {
        anyHost.add(rule);
      }
    }

    private static PathIndex.Builder at(Map<String, PathIndex.Builder> hosts, String key) {
      return hosts.computeIfAbsent(key, k -> new PathIndex.Builder());
    }
  }
}
