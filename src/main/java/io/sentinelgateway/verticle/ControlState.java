package io.sentinelgateway.verticle;

import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.handover.HandoverException;
import io.sentinelgateway.runtime.ListenerTls;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.sentinelgateway.schema.Problem;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway can say about itself. Thread-safe: the control plane writes it, anybody reads
 * it, also handlers on the request path.
 */
final class ControlState implements GatewayStatus {

  /** Of the configuration in force, in what is {@link #left}. */
  static final String VERSION = "version";

  private final String version;
  private final String transport;
  private final Instant started;
  private final Resources resources;
  private final Map<Integer, Map<String, Integer>> ports = new ConcurrentHashMap<>();
  private volatile @Nullable RuntimeSnapshot snapshot;
  private volatile boolean draining;
  private volatile LastReload lastReload = new LastReload("none", Instant.EPOCH, List.of());
  private volatile boolean stale;
  private volatile @Nullable Supplier<Future<Long>> restart;

  /**
   * @param transport how sockets are driven, and why
   */
  ControlState(String version, String transport, Instant started, Resources resources) {
    this.resources = resources;
    this.version = version;
    this.transport = transport;
    this.started = started;
  }

  /** How the last look at the configuration ended. */
  record LastReload(String result, Instant at, List<Problem> problems) {}

  Map<Integer, Map<String, Integer>> ports() {
    return ports;
  }

  /** The bound port of a listener. */
  Optional<Integer> port(String listener) {
    return ports.values().stream().map(p -> p.get(listener)).filter(p -> p != null).findFirst();
  }

  /** All loops serve by this snapshot. */
  void inForce(RuntimeSnapshot now) {
    snapshot = now;
  }

  /** What is in force; empty before the first configuration. */
  Optional<RuntimeSnapshot> snapshot() {
    return Optional.ofNullable(snapshot);
  }

  /** What a process that follows this one must know. */
  JsonObject left() {
    RuntimeSnapshot current = snapshot;
    return new JsonObject().put(VERSION, current == null ? 0 : current.version());
  }

  void drain() {
    draining = true;
  }

  boolean draining() {
    return draining;
  }

  void restartBy(Supplier<Future<Long>> how) {
    restart = how;
  }

  /** Starts the process that follows this one; its id when that one serves. */
  Future<Long> restart() {
    Supplier<Future<Long>> how = restart;
    return how == null
        ? Future.failedFuture(new HandoverException("this gateway is part of another program"))
        : how.get();
  }

  void reloaded(String result, Instant at, List<Problem> problems) {
    lastReload = new LastReload(result, at, List.copyOf(problems));
  }

  /** The configuration in force is not the source's: that one was refused. */
  void stale(boolean now) {
    stale = now;
  }

  boolean stale() {
    return stale;
  }

  @Override
  public boolean ready() {
    return snapshot != null && !draining;
  }

  String readiness() {
    return draining ? "draining" : snapshot == null ? "no configuration in force yet" : "ready";
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public JsonObject status() {
    JsonObject json =
        new JsonObject()
            .put("version", version)
            .put("java", Runtime.version().toString())
            .put("started", started.toString())
            .put("transport", transport)
            .put("loops", resources.loops())
            .put("ready", ready())
            .put("state", readiness());
    RuntimeSnapshot current = snapshot;
    if (current != null) {
      json.put(
          "configuration",
          new JsonObject()
              .put("version", current.version())
              .put("hash", current.hash())
              .put("stale", stale)
              .put("routes", current.plans().size())
              .put("upstreams", current.upstreams().size()));
      json.put("listeners", listeners(current));
      current.tls().values().stream()
          .findFirst()
          .ifPresent(tls -> json.put("tls", tls.provider().description()));
    }
    return json.put("lastReload", lastReload())
        .put("memory", Resources.memory())
        .put("pools", resources.pools());
  }

  private JsonObject listeners(RuntimeSnapshot current) {
    JsonObject listeners = new JsonObject();
    current
        .config()
        .listeners()
        .forEach(
            (id, listener) ->
                listeners.put(
                    id,
                    new JsonObject()
                        .put("address", listener.address().toString())
                        .put("protocols", protocols(listener))
                        .put("port", port(id).orElse(null))));
    current
        .tls()
        .forEach((id, tls) -> listeners.getJsonObject(id).put("certificates", certificates(tls)));
    return listeners;
  }

  private static JsonArray certificates(ListenerTls tls) {
    JsonArray all = new JsonArray();
    tls.certificates()
        .certificates()
        .forEach(
            each ->
                all.add(
                    new JsonObject()
                        .put("file", each.file())
                        .put("expires", each.expires().toString())));
    return all;
  }

  private static JsonArray protocols(ListenerConfig listener) {
    JsonArray names = new JsonArray();
    if (listener.protocol() == ListenerConfig.Layer.TCP) {
      return names.add("tcp");
    }
    listener.protocols().forEach(p -> names.add(p.name().toLowerCase(Locale.ROOT)));
    return names;
  }

  private JsonObject lastReload() {
    LastReload last = lastReload;
    JsonArray problems = new JsonArray();
    last.problems().forEach(problem -> problems.add(problem.toString()));
    JsonObject json = new JsonObject().put("result", last.result()).put("problems", problems);
    return last.at().equals(Instant.EPOCH) ? json : json.put("at", last.at().toString());
  }
}
