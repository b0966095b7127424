package io.sentinelgateway.route;

import io.sentinelgateway.config.MatchConfig;
import io.sentinelgateway.config.RouteConfig;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.schema.Problems;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Makes routes of configuration. Pure; off the request path. */
public final class RouteCompiler {

  private RouteCompiler() {}

  /**
   * Compiles routes that {@link #check} found no fault in.
   *
   * @param configs by id, in the order of the file
   * @param pipelines the folded pipeline of a route, by its id
   */
  public static List<Route> compile(
      Map<String, RouteConfig> configs, Function<String, Handler> pipelines) {
    List<Route> routes = new ArrayList<>(configs.size());
    configs.forEach((id, config) -> routes.add(Route.of(id, config, pipelines.apply(id))));
    return List.copyOf(routes);
  }

  /**
   * Adds an error for each host, path or expression that cannot be used, and, when there is none, a
   * warning for each route that can never match.
   *
   * @param problems view of the key {@code routes}
   */
  public static void check(Map<String, RouteConfig> configs, Problems problems) {
    int before = problems.list().size();
    configs.forEach((id, config) -> check(config.match(), problems.at(id).at("match")));
    if (problems.list().size() == before) {
      Shadowed.warn(compile(configs, id -> NOWHERE), problems);
    }
  }

  /** Adds an error for each part of a match that cannot be used. */
  static void check(MatchConfig match, Problems problems) {
    int before = problems.list().size();
    for (int i = 0; i < match.any().size(); i++) {
      check(match.any().get(i), problems.at("any").at(i));
    }
    match.not().ifPresent(not -> check(not, problems.at("not")));
    if (problems.list().size() > before) {
      return;
    }
    try {
      Conditions.of(match);
    } catch (IllegalArgumentException e) {
      problems.error(String.valueOf(e.getMessage()));
    }
  }

  /** A route that is only judged goes nowhere. */
  private static final Handler NOWHERE =
      exchange -> {
        throw new IllegalStateException("a route that was compiled to be judged");
      };
}
