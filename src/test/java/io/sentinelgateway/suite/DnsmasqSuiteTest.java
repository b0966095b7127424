package io.sentinelgateway.suite;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.sentinelgateway.FreePort;
import io.sentinelgateway.verticle.Eventually;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The packaged gateway, whose origin servers are known to a real name server alone. */
@Tag("suite")
@Timeout(120)
class DnsmasqSuiteTest {

  private static final String FIRST = "127.0.0.1";
  private static final String SECOND = "127.0.0.2";

  @TempDir private Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer one;
  private HttpServer two;
  private Path hosts;
  private Program dns;
  private List<Integer> ports;

  @BeforeEach
  void start() throws IOException {
    one = origin(FIRST, 0);
    two = origin(SECOND, one.getAddress().getPort());
    hosts = folder.resolve("hosts");
    know(FIRST, SECOND);
    ports = FreePort.several(3);
    dns = Program.start("dnsmasq-" + ports.get(0), ports.get(0), dnsmasq(ports.get(0)));
  }

  @AfterEach
  void stop() {
    dns.close();
    one.stop(0);
    two.stop(0);
  }

  private static HttpServer origin(String host, int port) throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress(host, port), 0);
    server.createContext(
        "/",
        exchange -> {
          byte[] name = host.getBytes(StandardCharsets.US_ASCII);
          exchange.sendResponseHeaders(200, name.length);
          exchange.getResponseBody().write(name);
          exchange.close();
        });
    server.start();
    return server;
  }

  private void know(String... addresses) throws IOException {
    Files.writeString(hosts, String.join(" shop.internal\n", addresses) + " shop.internal\n");
  }

  private List<String> dnsmasq(int port) {
    int origin = one.getAddress().getPort();
    return List.of(
        Program.find("dnsmasq", "dnsmasq-base"),
        "--keep-in-foreground",
        "--conf-file=/dev/null",
        "--pid-file",
        "--user=root",
        "--no-resolv",
        "--no-hosts",
        "--local=/internal/",
        "--local-ttl=1",
        "--addn-hosts=" + hosts,
        "--srv-host=_http._tcp.shop.internal,shop.internal," + origin + ",1,5",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--port=" + port);
  }

  private Path config(String discovery) throws IOException {
    return Files.writeString(
        folder.resolve("sentinel.yaml"),
        """
        version: 1
        server: {instances: 1, quiet-period: 0s, drain-timeout: 2s}
        admin: {address: "127.0.0.1:%d"}
        log: {access: {to: none}}
        listeners: {web: {address: "127.0.0.1:%d"}}
        upstreams:
          shop:
            discovery: {type: dns, servers: ["127.0.0.1:%d"], min-refresh: 200ms, %s}
        routes: {all: {forward: {upstream: shop}}}
        """
            .formatted(ports.get(2), ports.get(1), ports.get(0), discovery));
  }

  private String get(int port, String path) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
              .timeout(Duration.ofSeconds(10))
              .build();
      return client.send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private Set<String> answers() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < 20; i++) {
      names.add(get(ports.get(1), "/"));
    }
    return names;
  }

  private boolean knows(String address) {
    return get(ports.get(2), "/upstreams").contains(address + ":");
  }

  private void follows() throws IOException {
    assertThat(answers()).containsExactlyInAnyOrder(FIRST, SECOND);
    know(FIRST);
    dns.reload();
    Eventually.holds("the second one is gone", () -> !knows(SECOND));
    assertThat(answers()).containsExactly(FIRST);
    dns.close();
    Eventually.holds(
        "the name server is missed", () -> get(ports.get(2), "/upstreams").contains("trouble"));
    assertThat(answers()).containsExactly(FIRST);
  }

  @Test
  void followsTheAddressesOfAName() throws IOException {
    int origin = one.getAddress().getPort();
    Path config = config("name: \"shop.internal:" + origin + '"');
    try (Program gateway = Program.gateway(config, ports.get(1))) {
      follows();
      assertThat(gateway.stop()).isZero();
    }
  }

  @Test
  void followsTheRecordsOfAService() throws IOException {
    Path config = config("name: _http._tcp.shop.internal, record: srv");
    try (Program gateway = Program.gateway(config, ports.get(1))) {
      follows();
      assertThat(gateway.stop()).isZero();
    }
  }
}
