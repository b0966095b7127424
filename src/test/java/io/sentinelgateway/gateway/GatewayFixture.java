package io.sentinelgateway.gateway;

import io.sentinelgateway.bus.Topics.ReloadOutcome;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.source.Sources;
import io.sentinelgateway.verticle.Gateway;
import io.sentinelgateway.yaml.ConfigReader;
import io.sentinelgateway.yaml.ReadResult;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A gateway in this process, on free ports, with one event loop unless a test wants more. When it
 * is closed it must have come to rest: no request active, no target leased.
 */
final class GatewayFixture implements AutoCloseable {

  private final Gateway gateway;
  private final Path accessLog;
  private final String head;
  private final AtomicReference<Sources> sources;
  private String yaml;
  private CompletableFuture<?> drained = new CompletableFuture<>();

  private GatewayFixture(
      Gateway gateway, Path accessLog, String head, AtomicReference<Sources> sources, String yaml) {
    this.gateway = gateway;
    this.accessLog = accessLog;
    this.head = head;
    this.sources = sources;
    this.yaml = yaml;
  }

  /**
   * @param yaml upstreams and routes; listeners, unless {@code web} as it is by default will do
   */
  static GatewayFixture start(Path folder, String yaml) throws Exception {
    return start(folder, 1, "auto", yaml);
  }

  /**
   * @param tls whose code does TLS
   */
  static GatewayFixture start(Path folder, String tls, String yaml) throws Exception {
    return start(folder, 1, tls, yaml);
  }

  /**
   * @param loops number of event loops
   */
  static GatewayFixture start(Path folder, int loops, String yaml) throws Exception {
    return start(folder, loops, "auto", yaml);
  }

  private static GatewayFixture start(Path folder, int loops, String tls, String yaml)
      throws Exception {
    Path accessLog = Files.createTempFile(folder, "access", ".log");
    String head =
        """
        version: 1
        server: {instances: %d, quiet-period: 0s, drain-timeout: 1s, tls-provider: %s, plugins: %s, warm-up: {duration: 0s}}
        admin: {address: "127.0.0.1:0"}
        log: {level: error, access: {to: %s}}
        """
            .formatted(loops, tls, folder, accessLog);
    if (!yaml.contains("listeners:")) {
      head += "listeners: {web: {address: \"127.0.0.1:0\"}}\n";
    }
    AtomicReference<Sources> sources = new AtomicReference<>(Sources.of("test.yaml", head + yaml));
    ConfigReader reader = Catalog.reader(name -> Optional.empty());
    ReadResult read = reader.read(sources.get());
    if (read.config().isEmpty()) {
      throw new AssertionError(read.problems().toString());
    }
    Gateway.Start start =
        new Gateway.Start(read, sources.get(), false, sources::get, reader, "", "test");
    return new GatewayFixture(await(Gateway.start(start)), accessLog, head, sources, yaml);
  }

  private static <T> T await(Future<T> future) throws Exception {
    return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  /** Upstreams and routes as they are now. */
  String yaml() {
    return yaml;
  }

  /** Other upstreams and routes come into force. */
  void reload(String edited) throws Exception {
    yaml = edited;
    sources.set(Sources.of("test.yaml", head + edited));
    ReloadOutcome outcome = await(gateway.reload("test"));
    if (!outcome.result().equals("applied")) {
      throw new AssertionError(outcome.toString());
    }
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
    return upstream(List.of(address), settings);
  }

  static String upstream(List<String> addresses, String... settings) {
    StringBuilder yaml = new StringBuilder("upstreams:\n  origin:\n    targets: [{address: \"");
    yaml.append(String.join("\"}, {address: \"", addresses)).append("\"}]\n");
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
   * How often {@code origin} refused a request for this reason.
   *
   * @param kind {@code rejected}, or {@code would_reject} where it was only observed
   */
  double shed(String kind, String reason) throws IOException {
    String labels = "reason=\"" + reason + "\",upstream=\"origin\"";
    return metric("sentinel_upstream_" + kind + "_total{" + labels + "}");
  }

  /** Waits until so many requests wait for a place at {@code origin}. */
  void pending(int count) {
    Eventually.value(
        () -> metric("sentinel_limit_pending{upstream=\"origin\"}"), now -> now == count);
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
    return admin("GET", path).body();
  }

  /** An order to the admin listener. */
  Answer post(String path) throws IOException {
    return admin("POST", path);
  }

  private Answer admin(String method, String path) throws IOException {
    try (RawClient client = new RawClient(gateway.adminPort())) {
      String length = method.equals("POST") ? "Content-Length: 0\r\n" : "";
      String fields = " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + length + "\r\n";
      return client.send(method + " " + path + fields).answer();
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
    drained = gateway.drain().toCompletionStage().toCompletableFuture();
    return drained;
  }

  @Override
  public void close() {
    try {
      if (!drained.isDone()) {
        comesToRest();
      }
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
