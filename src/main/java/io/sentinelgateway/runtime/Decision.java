package io.sentinelgateway.runtime;

import io.sentinelgateway.route.Explanation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What would become of a request. Immutable.
 *
 * @param listener id of the listener it comes in by
 * @param explanation which routes were tried and which one won
 * @param filters names of the route's filters, in order
 * @param status of an answer that the gateway itself gives without an origin
 * @param upstream id of the upstream it would be sent to
 * @param target the request target that would be sent
 * @param servers the upstream's origin servers and their state
 */
public record Decision(
    String listener,
    Explanation explanation,
    List<String> filters,
    Optional<Integer> status,
    Optional<String> upstream,
    Optional<String> target,
    List<String> servers) {

  /** As data. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject().put("listener", listener).mergeIn(explanation.toJson());
    if (explanation.route().isPresent()) {
      json.put("filters", new JsonArray(filters));
    }
    status.ifPresent(s -> json.put("status", s));
    upstream.ifPresent(u -> json.put("upstream", u).put("servers", new JsonArray(servers)));
    target.ifPresent(t -> json.put("target", t));
    return json;
  }

  /** For a terminal. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("listener " + listener);
    lines.addAll(explanation.lines());
    if (!filters.isEmpty()) {
      lines.add("filters  " + String.join(" → ", filters));
    }
    status.ifPresent(s -> lines.add("answer   " + s + " by the gateway itself"));
    upstream.ifPresent(u -> lines.add("upstream " + u + " (" + String.join(", ", servers) + ")"));
    target.ifPresent(t -> lines.add("target   " + t));
    return lines;
  }
}
