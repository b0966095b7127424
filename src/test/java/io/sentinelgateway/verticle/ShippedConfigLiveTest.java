package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.RouteTest;
import io.sentinelgateway.runtime.Catalog;
import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.tls.TestCertificates;
import io.sentinelgateway.yaml.ConfigWriter;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** The configurations that are shipped serve, and decide on real requests as their tests say. */
class ShippedConfigLiveTest {

  @TempDir private Path site;
  @TempDir private Path certificates;
  private Origin origin;

  @BeforeEach
  void open() throws IOException {
    origin = Origin.start("origin");
    Files.writeString(site.resolve("index.html"), "<!doctype html>");
  }

  @AfterEach
  void close() {
    origin.close();
  }

  static Stream<Path> shipped() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("conf/examples"))) {
      return Stream.concat(Stream.of(Path.of("conf/sentinel.yaml")), files.sorted())
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void servesAsItsTestsSay(Path path) throws Exception {
    GatewayConfig config =
        Catalog.reader(TestCertificates.environment(certificates))
            .read(new ConfigSource(path).read())
            .config()
            .orElseThrow();
    try (Running running = Running.of(here(config))) {
      assertThat(running.admin("/readyz").status()).isEqualTo(200);
      String first = config.listeners().keySet().iterator().next();
      for (RouteTest test : config.tests()) {
        String listener = test.listener().orElse(first);
        boolean secure = config.listeners().get(listener).tls().isPresent();
        judge(test, ask(running.port(listener), test, secure), secure);
      }
    }
  }

  /** The same configuration on this machine: free ports, one origin server, one folder. */
  private String here(GatewayConfig config) {
    String yaml = new ConfigWriter(Catalog.KINDS, true).write(config);
    Object tree = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    JsonObject json = new JsonObject();
    ((Map<?, ?>) tree).forEach((key, value) -> json.put(String.valueOf(key), value));
    JsonObject free = new JsonObject().put("address", "127.0.0.1:0");
    json.put("admin", free).put("log", new JsonObject().put("access", Map.of("to", "none")));
    members(json, "listeners").forEach(listener -> listener.mergeIn(free));
    JsonArray targets = new JsonArray().add(new JsonObject().put("address", origin.address()));
    members(json, "upstreams")
        .forEach(
            upstream -> {
              upstream.put("targets", targets).remove("discovery");
              upstream.remove("tls");
            });
    members(json, "routes")
        .map(route -> route.getJsonObject("static"))
        .filter(files -> files != null)
        .forEach(files -> files.put("root", site.toString()));
    return json.encodePrettily();
  }

  private static Stream<JsonObject> members(JsonObject json, String key) {
    JsonObject map = json.getJsonObject(key, new JsonObject());
    return map.fieldNames().stream().map(map::getJsonObject);
  }

  private static Http.Answer ask(int port, RouteTest test, boolean secure) throws Exception {
    URI uri = URI.create(test.request().substring(test.request().indexOf(' ') + 1));
    String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
    StringBuilder request = new StringBuilder();
    request.append(test.request(), 0, test.request().indexOf(' ') + 1);
    request.append(uri.getRawPath().isEmpty() ? "/" : uri.getRawPath()).append(query);
    request.append(" HTTP/1.1\r\nhost: ").append(uri.getRawAuthority()).append("\r\n");
    request.append("content-length: 0\r\n");
    test.headers().forEach((name, value) -> request.append(name + ": " + value + "\r\n"));
    try (Http http = secure ? Tls.http(port, uri.getHost()) : Http.open(port)) {
      http.write(request.append("\r\n").toString());
      return test.request().startsWith("HEAD ") ? http.head() : http.answer();
    }
  }

  private static void judge(RouteTest test, Http.Answer answer, boolean secure) {
    boolean here =
        test.client().equals("127.0.0.1") && test.request().contains(" https://") == secure;
    if (!here) {
      // Who asks from elsewhere, or another proxy by TLS, cannot be imitated: an answer will do.
      assertThat(answer.status()).as(test.request()).isBetween(200, 499);
    } else if (test.expect().status().isPresent()) {
      assertThat(answer.status()).as(test.request()).isEqualTo(test.expect().status().get());
    } else if (test.expect().upstream().isPresent()) {
      assertThat(answer.status()).as(test.request() + answer.content()).isEqualTo(200);
    }
    if (here && test.expect().target().isPresent()) {
      assertThat(answer.field("x-target")).isEqualTo(test.expect().target().get());
    }
  }
}
