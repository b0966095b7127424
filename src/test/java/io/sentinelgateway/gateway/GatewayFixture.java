package io.sentinelgateway.gateway;

import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A gateway in this process, on free ports, with one event loop. When it is closed it must have
 * come to rest: no request active, no target leased.
 */
final class GatewayFixture implements AutoCloseable {

  private final Gateway gateway;
  private final Path accessLog;

  private GatewayFixture(Gateway gateway, Path accessLog) {
    this.gateway = gateway;
    this.accessLog = accessLog;
  }

  /**
   * @param yaml upstreams and routes; listeners, unless {@code web} as it is by default will do
   */
  static GatewayFixture start(Path folder, String yaml) throws Exception {
    Path accessLog = Files.createTempFile(folder, "access", ".log");
    String text =
        """
        version: 1
        server: {instances: 1, quiet-period: 0s, drain-timeout: 1s, plugins: %s, warm-up: {duration: 0s}}
        admin: {address: "127.0.0.1:0"}
        log: {level: error, access: {to: %s}}
        """
            .formatted(folder, accessLog);
    if (!yaml.contains("listeners:")) {
      text += "listeners: {web: {address: \"127.0.0.1:0\"}}\n";
    }
    Sources sources = Sources.of("test.yaml", text + yaml);
    ConfigReader reader = Catalog.reader(name -> Optional.empty());
    ReadResult read = reader.read(sources);
    if (read.config().isEmpty()) {
      throw new AssertionError(read.problems().toString());
    }
    Gateway.Start start =
        new Gateway.Start(read, sources, false, () -> sources, reader, "", "test");
    Gateway gateway =
        Gateway.start(start).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    return new GatewayFixture(gateway, accessLog);
  }

  /** Every request goes to this origin. */
  static GatewayFixture before(Path folder, ScriptedOrigin origin) throws Exception {
    return start(folder, upstream(origin) + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  /**
   * @param settings of the upstream, after its targets
   */
  static String upstream(ScriptedOrigin origin, String... settings) {
    return upstream(origin.address(), settings);
  }

  static String upstream(String address, String... settings) {
    StringBuilder yaml = new StringBuilder("upstreams:\n  origin:\n    targets: [{address: \"");
    yaml.append(address).append("\"}]\n");
    for (String setting : settings) {
      yaml.append("    ").append(setting).append('\n');
    }
    return yaml.toString();
  }

  int port() {
    return gateway.port("web").orElseThrow();
  }

  RawClient client() throws IOException {
    return new RawClient(port());
  }

  /** One GET on a connection of its own. */
  Answer get(String target, String... fields) throws IOException {
    try (RawClient client = client()) {
      return client.get(target, fields);
    }
  }

  /** Waits for so many access log lines; fails when there are more. */
  List<JsonObject> accessLog(int count) {
    List<String> lines =
        Eventually.value(() -> Files.readAllLines(accessLog), all -> all.size() >= count);
    if (lines.size() != count) {
      throw new AssertionError(lines.size() + " lines: " + lines);
    }
    return lines.stream().map(JsonObject::new).toList();
  }

  /** Waits for the only access log line. */
  JsonObject accessLine() {
    return accessLog(1).get(0);
  }

  /** The value of a series as {@code /metrics} writes it; 0 when there is none. */
  double metric(String series) throws IOException {
    return admin("/metrics")
        .lines()
        .filter(line -> line.startsWith(series + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
        .sum();
  }

  /** How many requests failed for this reason. */
  double failures(String reason) throws IOException {
    return metric("sentinel_failures_total{reason=\"" + reason + "\"}");
  }

  /**
   * Connections to {@code origin}, as they were at the last sample of the pools.
   *
   * @param state {@code active} or {@code idle}
   */
  double connections(String state) throws IOException {
    return metric("sentinel_pool_connections{state=\"" + state + "\",upstream=\"origin\"}");
  }

  /** A target of an upstream as {@code /upstreams} shows it. */
  JsonObject target(int upstream, int target) throws IOException {
    return upstreams().getJsonObject(upstream).getJsonArray("targets").getJsonObject(target);
  }

  private JsonArray upstreams() throws IOException {
    return new JsonArray(admin("/upstreams"));
  }

  private String admin(String path) throws IOException {
    try (RawClient client = new RawClient(gateway.adminPort())) {
      String request = "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
      return client.send(request).answer().body();
    }
  }

  /** Nothing is under way any more: every request has ended, every lease was released. */
  void comesToRest() {
    Eventually.value(
        () -> metric("sentinel_active_requests{listener=\"web\"}"), active -> active == 0);
    Eventually.value(this::inFlight, inFlight -> inFlight == 0);
  }

  private int inFlight() throws IOException {
    return upstreams().stream()
        .map(JsonObject.class::cast)
        .flatMap(upstream -> upstream.getJsonArray("targets").stream())
        .mapToInt(target -> ((JsonObject) target).getInteger("inFlight"))
        .sum();
  }

  /** Begins to shut down politely. */
  CompletableFuture<?> drain() {
    return gateway.drain().toCompletionStage().toCompletableFuture();
  }

  @Override
  public void close() {
    try {
      comesToRest();
    } finally {
      gateway
          .close()
          .toCompletionStage()
          .toCompletableFuture()
          .orTimeout(30, TimeUnit.SECONDS)
          .join();
    }
  }
}
