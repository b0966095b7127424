package io.sentinelgateway.discovery;

import io.sentinelgateway.config.TargetConfig;
import io.sentinelgateway.schema.Address;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The EndpointSlices of one service (discovery.k8s.io/v1), and which of their endpoints are to get
 * requests. Confined to one context.
 *
 * <p>The rules are those by which kube-proxy routes: endpoints that are ready; when there is none,
 * those that are about to end but still serve. With hints on all endpoints, at least one of them
 * for our zone, only those for our zone.
 */
final class EndpointSlices {

  private final String port;
  private final String zone;
  private final Map<String, List<Endpoint>> slices = new LinkedHashMap<>();
  private final Map<String, String> troubles = new LinkedHashMap<>();

  /** One endpoint at the port that is wanted. */
  private record Endpoint(
      Address address,
      boolean ready,
      boolean serving,
      boolean terminating,
      String zone,
      List<String> hints) {}

  /**
   * @param port name or number of the port; empty: the only one there is
   * @param zone where this gateway is; empty: hints do not count
   */
  EndpointSlices(String port, String zone) {
    this.port = port;
    this.zone = zone;
  }

  /** These are all slices. */
  void replace(JsonArray all) {
    slices.clear();
    troubles.clear();
    for (int i = 0; i < all.size(); i++) {
      put(all.getJsonObject(i));
    }
  }

  /** A slice was added or changed. */
  void put(JsonObject slice) {
    String name = name(slice);
    troubles.remove(name);
    int number = port(slice.getJsonArray("ports"), name);
    List<Endpoint> endpoints = new ArrayList<>();
    JsonArray all = slice.getJsonArray("endpoints");
    for (int i = 0; number > 0 && all != null && i < all.size(); i++) {
      JsonObject endpoint = all.getJsonObject(i);
      JsonArray addresses = endpoint.getJsonArray("addresses");
      // Further addresses are of the same endpoint; its consumers use the first.
      if (addresses != null && !addresses.isEmpty()) {
        endpoints.add(endpoint(new Address(addresses.getString(0), number), endpoint));
      }
    }
    slices.put(name, endpoints);
  }

  /** A slice is gone. */
  void remove(JsonObject slice) {
    slices.remove(name(slice));
    troubles.remove(name(slice));
  }

  private static String name(JsonObject slice) {
    return slice.getJsonObject("metadata").getString("name");
  }

  private static Endpoint endpoint(Address address, JsonObject json) {
    JsonObject conditions = json.getJsonObject("conditions");
    boolean ready = condition(conditions, "ready", true);
    return new Endpoint(
        address,
        ready,
        condition(conditions, "serving", ready),
        condition(conditions, "terminating", false),
        Objects.requireNonNullElse(json.getString("zone"), ""),
        hints(json.getJsonObject("hints")));
  }

  private static boolean condition(JsonObject conditions, String name, boolean unknown) {
    Boolean value = conditions == null ? null : conditions.getBoolean(name);
    return value == null ? unknown : value;
  }

  private static List<String> hints(JsonObject hints) {
    JsonArray zones = hints == null ? null : hints.getJsonArray("forZones");
    List<String> names = new ArrayList<>();
    for (int i = 0; zones != null && i < zones.size(); i++) {
      names.add(zones.getJsonObject(i).getString("name"));
    }
    return names;
  }

  /** The number of the port that is wanted; 0 when the slice has none, and then why is noted. */
  private int port(@Nullable JsonArray ports, String slice) {
    List<Port> all = new ArrayList<>();
    for (int i = 0; ports != null && i < ports.size(); i++) {
      all.add(Port.of(ports.getJsonObject(i)));
    }
    List<Port> tcp = all.stream().filter(Port::usable).toList();
    List<Port> wanted = tcp.stream().filter(each -> each.named(port)).toList();
    if (wanted.size() == 1) {
      return wanted.get(0).number();
    }
    // A slice of a service whose pods are not there yet has no ports.
    if (!tcp.isEmpty()) {
      String trouble = port.isEmpty() ? "port is not set" : "no port " + port;
      String known = tcp.stream().map(Port::toString).collect(Collectors.joining(", "));
      troubles.put(slice, trouble + " (expected: one of " + known + ")");
    }
    return 0;
  }

  /** A port of a slice; number 0: any. */
  private record Port(String name, int number, String protocol) {

    static Port of(JsonObject json) {
      return new Port(
          Objects.requireNonNullElse(json.getString("name"), ""),
          Objects.requireNonNullElse(json.getInteger("port"), 0),
          Objects.requireNonNullElse(json.getString("protocol"), "TCP"));
    }

    boolean usable() {
      return number > 0 && protocol.equals("TCP");
    }

    /** Whether it is the one of that name or number; empty: any is. */
    boolean named(String wanted) {
      return wanted.isEmpty() || wanted.equals(name) || wanted.equals(Integer.toString(number));
    }

    @Override
    public String toString() {
      return name.isEmpty() ? Integer.toString(number) : name + " (" + number + ")";
    }
  }

  /** What keeps slices from being used; empty when nothing does. */
  String trouble() {
    return String.join("; ", new TreeSet<>(troubles.values()));
  }

  /** The endpoints that are to get requests. */
  List<TargetConfig> targets() {
    List<Endpoint> all = slices.values().stream().flatMap(List::stream).toList();
    List<Endpoint> ready = all.stream().filter(e -> e.ready() && !e.terminating()).toList();
    List<Endpoint> usable =
        ready.isEmpty()
            ? all.stream().filter(e -> e.serving() && e.terminating()).toList()
            : hinted(ready);
    // An endpoint may stand in two slices while it moves from one to the other.
    Map<Address, TargetConfig> targets = new LinkedHashMap<>();
    usable.forEach(
        e -> targets.putIfAbsent(e.address(), new TargetConfig(e.address(), 1, e.zone(), 0)));
    return List.copyOf(targets.values());
  }

  private List<Endpoint> hinted(List<Endpoint> ready) {
    boolean all = ready.stream().noneMatch(e -> e.hints().isEmpty());
    List<Endpoint> ours = ready.stream().filter(e -> e.hints().contains(zone)).toList();
    return zone.isEmpty() || !all || ours.isEmpty() ? ready : ours;
  }
}
