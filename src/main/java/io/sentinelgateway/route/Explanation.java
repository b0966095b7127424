package io.sentinelgateway.route;

import io.sentinelgateway.http.RequestHead;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Why a request takes a route, by the very conditions that decide it. Immutable.
 *
 * @param request the request, normalised: {@code GET https://shop.example/x}
 * @param tried rules in the order they count, up to and with the winner; at most {@link #MAX_TRIED}
 * @param omitted number of further ones before the winner, whose host or path did not hold either
 * @param route id of the winner; empty when no route matches
 * @param why what put the winner before all other routes that match; empty without a winner
 * @param pathParameters segments that the winner's template names
 * @param notReached number of rules after the winner, which were not looked at
 */
public record Explanation(
    String request,
    List<Tried> tried,
    int omitted,
    Optional<String> route,
    String why,
    Map<String, String> pathParameters,
    int notReached) {

  /** Nobody reads more; the count of what is left out stands in {@code omitted}. */
  public static final int MAX_TRIED = 200;

  /**
   * One rule that was looked at.
   *
   * @param route id of its route
   * @param asks what the route asks
   * @param failed the first condition that does not hold; empty for the winner
   */
  public record Tried(String route, String asks, String failed) {}

  static Explanation of(List<Rule> rules, RequestHead head) {
    Subject request = new Subject(head);
    List<Tried> tried = new ArrayList<>();
    int omitted = 0;
    for (int i = 0; i < rules.size(); i++) {
      Rule rule = rules.get(i);
      Route route = rule.route();
      Optional<Condition> failed =
          rule.conditions().stream().filter(c -> !c.matches(request)).findFirst();
      if (failed.isEmpty()) {
        tried.add(new Tried(route.id(), route.description(), ""));
        int left = rules.size() - i - 1;
        Map<String, String> parameters = route.pathParameters(head.path());
        Optional<String> winner = Optional.of(route.id());
        return new Explanation(
            line(head), List.copyOf(tried), omitted, winner, rule.rank(), parameters, left);
      }
      if (tried.size() < MAX_TRIED) {
        tried.add(new Tried(route.id(), route.description(), failed.get().mismatch(request)));
      } else {
        omitted++;
      }
    }
    return new Explanation(
        line(head), List.copyOf(tried), omitted, Optional.empty(), "", Map.of(), 0);
  }

  private static String line(RequestHead head) {
    String host = head.host().indexOf(':') < 0 ? head.host() : '[' + head.host() + ']';
    String port = head.port() < 0 ? "" : ":" + head.port();
    String query = head.query() == null ? "" : "?" + head.query();
    return head.method() + ' ' + head.scheme() + "://" + host + port + head.path() + query;
  }

  /** The same as data. */
  public JsonObject toJson() {
    JsonArray list = new JsonArray();
    for (Tried one : tried) {
      JsonObject item = new JsonObject().put("route", one.route).put("asks", one.asks);
      list.add(one.failed.isEmpty() ? item.put("matches", true) : item.put("failed", one.failed));
    }
    JsonObject json = new JsonObject().put("request", request).put("tried", list);
    json.put("omitted", omitted).put("route", route.orElse(null));
    if (route.isPresent()) {
      JsonObject parameters = new JsonObject();
      pathParameters.forEach(parameters::put);
      json.put("why", why).put("pathParameters", parameters).put("notReached", notReached);
    }
    return json;
  }

  /** The same for a terminal: one line for each rule, the winner last. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(request);
    for (Tried one : tried) {
      if (one.failed.isEmpty() && omitted > 0) {
        lines.add("  … " + omitted + " more that do not match");
      }
      lines.add(
          one.failed.isEmpty()
              ? "  ✓ " + one.route + "  (" + one.asks + ")"
              : "  ✗ " + one.route + "  " + one.failed);
    }
    if (route.isEmpty()) {
      if (omitted > 0) {
        lines.add("  … " + omitted + " more that do not match");
      }
      lines.add("no route matches");
      return lines;
    }
    lines.add("route " + route.get() + ": first match in order (" + why + ")");
    if (notReached > 0) {
      lines.add("  " + notReached + " after it not reached");
    }
    return lines;
  }
}
