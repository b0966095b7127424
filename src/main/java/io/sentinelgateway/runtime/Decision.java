package io.sentinelgateway.runtime;

import io.sentinelgateway.route.Explanation;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What would become of a request. Immutable.
 *
 * @param listener id of the listener it comes in by
 * @param explanation which routes were tried and which one won
 * @param filters names of the route's filters, in order
 * @param status of an answer that the gateway itself gives without an origin
 * @param destinations where it would be sent
 * @param target the request target that would be sent
 */
public record Decision(
    String listener,
    Explanation explanation,
    List<String> filters,
    Optional<Integer> status,
    Optional<Destinations> destinations,
    Optional<String> target) {

  /**
   * Where a request would be sent. Immutable.
   *
   * @param servers origin servers and their state, by the id of their upstream: the only one, or
   *     those of which chance would choose
   * @param reason why it is these; empty when there was nothing to choose
   * @param mirror where a copy of it would be sent
   */
  public record Destinations(
      Map<String, List<String>> servers, String reason, Optional<Copy> mirror) {

    public Destinations {
      servers = Collections.unmodifiableMap(new LinkedHashMap<>(servers));
    }

    /** The upstream, when chance has no part in it. */
    public Optional<String> decided() {
      return servers.size() == 1 ? servers.keySet().stream().findFirst() : Optional.empty();
    }

    private void describe(JsonObject json) {
      if (decided().isPresent()) {
        json.put("upstream", decided().get());
        json.put("servers", new JsonArray(servers.get(decided().get())));
      } else {
        JsonObject upstreams = new JsonObject();
        servers.forEach((id, each) -> upstreams.put(id, new JsonArray(each)));
        json.put("upstreams", upstreams);
      }
      if (!reason.isEmpty()) {
        json.put("split", reason);
      }
      mirror.ifPresent(copy -> json.put("mirror", copy.toJson()));
    }

    private void describe(List<String> lines) {
      if (!reason.isEmpty()) {
        lines.add("split    " + reason);
      }
      servers.forEach(
          (id, each) -> lines.add("upstream " + id + " (" + String.join(", ", each) + ")"));
      mirror.ifPresent(copy -> lines.add(copy.line()));
    }
  }

  /**
   * A copy of the request, whose answer nobody gets.
   *
   * @param upstream id
   * @param servers origin servers and their state
   * @param reason why there is one; empty when every request has one
   */
  public record Copy(String upstream, List<String> servers, String reason) {

    public Copy {
      servers = List.copyOf(servers);
    }

    private JsonObject toJson() {
      JsonObject json =
          new JsonObject().put("upstream", upstream).put("servers", new JsonArray(servers));
      return reason.isEmpty() ? json : json.put("reason", reason);
    }

    private String line() {
      String line = "mirror   " + upstream + " (" + String.join(", ", servers) + ")";
      return reason.isEmpty() ? line : line + " " + reason;
    }
  }

  /** As data. */
  public JsonObject toJson() {
    JsonObject json = new JsonObject().put("listener", listener).mergeIn(explanation.toJson());
    if (explanation.route().isPresent()) {
      json.put("filters", new JsonArray(filters));
    }
    status.ifPresent(s -> json.put("status", s));
    destinations.ifPresent(d -> d.describe(json));
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
    destinations.ifPresent(d -> d.describe(lines));
    target.ifPresent(t -> lines.add("target   " + t));
    return lines;
  }
}
