package io.sentinelgateway.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.schema.Address;
import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each kind of check says of a target, on real sockets. */
class ProbeTest {

  @TempDir private Path folder;
  private final ProbeServers servers = new ProbeServers();

  @AfterEach
  void stop() {
    servers.close();
  }

  /** What was wrong; empty when the target passed. */
  private String check(String settings, Address address) throws Exception {
    Subject subject =
        new Subject(servers.vertx(), address, Duration.ofSeconds(10), null, OriginProtocol.HTTP1);
    Promise<String> wrong = Promise.promise();
    // As in a gateway: on the context of its owner.
    servers
        .vertx()
        .runOnContext(
            v -> {
              Probe probe = ProbeKinds.create(Given.active(settings), subject);
              probe
                  .check()
                  .map("")
                  .otherwise(Reasons::of)
                  .onComplete(done -> probe.close())
                  .onComplete(wrong);
            });
    return wrong.future().await(20, TimeUnit.SECONDS);
  }

  private String check(String settings, int port) throws Exception {
    return check(settings, new Address("127.0.0.1", port));
  }

  private String tls() {
    return "tls: {server-name: health.test, trust: \"" + folder.resolve("server.crt") + "\"}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"type: http", "type: tcp", "type: grpc"})
  void failWhereNobodyListens(String settings) throws Exception {
    int port = servers.tcp(NetSocket::close);
    servers.vertx().close().await();
    try (ProbeServers others = new ProbeServers()) {
      Subject subject =
          new Subject(
              others.vertx(),
              new Address("127.0.0.1", port),
              Duration.ofSeconds(10),
              null,
              OriginProtocol.HTTP1);
      Probe probe = ProbeKinds.create(Given.active(settings), subject);
      String wrong = probe.check().map("").otherwise(Reasons::of).await(20, TimeUnit.SECONDS);
      assertThat(wrong).contains("refused");
      probe.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"type: http", "type: tcp, expect: x", "type: grpc"})
  void leaveNoConnectionBehindWhenCut(String settings) throws Exception {
    int port = servers.tcp(silent -> {});
    Address address = new Address("127.0.0.1", port);
    Subject subject =
        new Subject(servers.vertx(), address, Duration.ofSeconds(10), null, OriginProtocol.HTTP1);
    Probe probe = ProbeKinds.create(Given.active(settings), subject);
    var check = probe.check();
    Eventually.holds("it is connected", () -> servers.open() == 1);
    probe.close();
    Eventually.holds("nothing is left", () -> servers.open() == 0 && check.isComplete());
  }

  // HTTP

  @ParameterizedTest
  @CsvSource({
    "200, '', ''",
    "204, '', ''",
    "302, '', 'status 302, not 200-299'",
    "503, '', 'status 503, not 200-299'",
    "404, 'statuses: [200, 400-404]', ''",
    "405, 'statuses: [200, 400-404]', 'status 405, not 200, 400-404'"
  })
  void httpExpectsAStatus(int status, String settings, String wrong) throws Exception {
    int port = servers.http(request -> request.response().setStatusCode(status).end());
    assertThat(check("type: http, " + settings, port)).isEqualTo(wrong);
  }

  @Test
  void httpSendsWhatIsConfigured() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    int port =
        servers.http(
            request -> {
              seen.add(
                  request.method()
                      + " "
                      + request.uri()
                      + " "
                      + request.getHeader("Host")
                      + " "
                      + request.getHeader("X-Probe")
                      + " "
                      + request.getHeader("User-Agent"));
              request.response().end();
            });
    assertThat(check("type: http", port)).isEmpty();
    String all = "method: HEAD, path: \"/up?deep=1\", host: shop.test, headers: {X-Probe: \"yes\"}";
    assertThat(check("type: http, " + all, port)).isEmpty();
    assertThat(seen)
        .containsExactly(
            "GET / 127.0.0.1:" + port + " null sentinel-gateway",
            "HEAD /up?deep=1 shop.test yes sentinel-gateway");
  }

  @Test
  void httpLooksIntoTheContentAndReadsNoMoreThanItMust() throws Exception {
    int port = servers.http(request -> request.response().end("{\"status\": \"UP\"}"));
    assertThat(check("type: http, contains: '\"UP\"'", port)).isEmpty();
    assertThat(check("type: http, contains: DOWN", port)).contains("not the expected text");
    int endless = servers.http(ProbeTest::pour);
    assertThat(check("type: http, contains: x", endless)).contains("content over 65536 bytes");
  }

  private static void pour(HttpServerRequest request) {
    request.response().setChunked(true);
    Buffer much = Buffer.buffer(new byte[8192]);
    for (int i = 0; i < 1000; i++) {
      request.response().write(much);
    }
  }

  @Test
  void httpGoesOverTlsAndJudgesTheCertificate() throws Exception {
    ProbeServers.certificate(folder, "health.test");
    HttpServerOptions secure =
        new HttpServerOptions().setSsl(true).setKeyCertOptions(ProbeServers.key(folder));
    int port = servers.http(secure, request -> request.response().end());
    assertThat(check("type: http, " + tls(), port)).isEmpty();
    assertThat(check("type: http, tls: {insecure: true}", port)).isEmpty();
    assertThat(check("type: http, tls: {server-name: health.test}", port)).isNotEmpty();
    String other = tls().replace("health.test", "other.test");
    assertThat(check("type: http, " + other, port)).isNotEmpty();
    assertThat(check("type: http", port)).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "false, http1, HTTP_1_1",
    "false, http2, HTTP_2",
    "false, auto, HTTP_1_1",
    "true, http1, HTTP_1_1",
    "true, http2, HTTP_2",
    "true, auto, HTTP_2"
  })
  void httpSpeaksWhatIsConfigured(boolean secure, String protocol, HttpVersion spoken)
      throws Exception {
    ProbeServers.certificate(folder, "127.0.0.1");
    HttpServerOptions options = new HttpServerOptions();
    if (secure) {
      options.setSsl(true).setUseAlpn(true).setKeyCertOptions(ProbeServers.key(folder));
    }
    int port =
        servers.http(options, request -> request.response().end(String.valueOf(request.version())));
    String settings = "type: http, protocol: " + protocol + ", contains: " + spoken;
    assertThat(check(secure ? settings + ", tls: {insecure: true}" : settings, port)).isEmpty();
  }

  @Test
  void httpReachesUnixSockets() throws Exception {
    Path socket = folder.resolve("s");
    servers.unix(socket, request -> request.response().end(request.getHeader("Host")));
    assertThat(check("type: http, contains: localhost", new Address(socket.toString(), -1)))
        .isEmpty();
  }

  // TCP

  @Test
  void tcpIsContentWithAConnection() throws Exception {
    assertThat(check("type: tcp", servers.tcp(peer -> {}))).isEmpty();
    Eventually.holds("it is closed again", () -> servers.open() == 0);
  }

  @Test
  void tcpSendsAndExpects() throws Exception {
    int port =
        servers.tcp(
            peer ->
                peer.handler(
                    ping -> {
                      peer.write("+PO");
                      peer.write(ping.toString().equals("PING\r\n") ? "NG\r\n" : "??");
                    }));
    assertThat(check("type: tcp, send: \"PING\\r\\n\", expect: +PONG", port)).isEmpty();
    int closing = servers.tcp(NetSocket::close);
    assertThat(check("type: tcp, expect: +PONG", closing)).contains("closed before");
    int wrong = servers.tcp(peer -> peer.write(Buffer.buffer(new byte[40_000])));
    assertThat(check("type: tcp, expect: +PONG", wrong)).contains("not the expected");
  }

  @Test
  void tcpGoesOverTls() throws Exception {
    ProbeServers.certificate(folder, "health.test");
    NetServerOptions secure =
        new NetServerOptions().setSsl(true).setKeyCertOptions(ProbeServers.key(folder));
    int port = servers.tcp(secure, peer -> peer.write("220 ready"));
    assertThat(check("type: tcp, expect: \"220\", " + tls(), port)).isEmpty();
    assertThat(check("type: tcp, tls: {insecure: true}", port)).isEmpty();
    assertThat(check("type: tcp, " + tls().replace("health.test", "other.test"), port))
        .isNotEmpty();
  }

  // gRPC

  @ParameterizedTest
  @CsvSource({
    "1, ''",
    "0, UNKNOWN",
    "2, NOT_SERVING",
    "3, SERVICE_UNKNOWN",
    "9, an unknown status"
  })
  void grpcTakesServingOnly(int status, String wrong) throws Exception {
    int port = servers.http(request -> ProbeServers.grpc(request, 0x08, status));
    assertThat(check("type: grpc", port)).isEqualTo(wrong == null ? "" : wrong);
  }

  @Test
  void grpcAsksForAService() throws Exception {
    List<Buffer> asked = new CopyOnWriteArrayList<>();
    int port =
        servers.http(
            request ->
                request
                    .body()
                    .onSuccess(
                        body -> {
                          asked.add(body);
                          boolean right =
                              request.path().equals("/grpc.health.v1.Health/Check")
                                  && request.getHeader("te").equals("trailers")
                                  && request.getHeader("content-type").equals("application/grpc");
                          ProbeServers.grpc(request, 0x08, right ? 1 : 2);
                        }));
    assertThat(check("type: grpc", port)).isEmpty();
    assertThat(check("type: grpc, service: shop.Cart", port)).isEmpty();
    assertThat(asked)
        .containsExactly(
            Buffer.buffer(new byte[] {0, 0, 0, 0, 0}),
            Buffer.buffer(new byte[] {0, 0, 0, 0, 11, 10, 9}).appendString("shop.Cart"));
  }

  @Test
  void grpcRefusesWhatIsNoAnswer() throws Exception {
    int unimplemented =
        servers.http(request -> request.response().putHeader("grpc-status", "12").end());
    assertThat(check("type: grpc", unimplemented)).isEqualTo("grpc-status 12");
    int nothing = servers.http(ProbeServers::grpc);
    assertThat(check("type: grpc", nothing)).isEqualTo("UNKNOWN");
    int garbage = servers.http(request -> ProbeServers.grpc(request, 0x08));
    assertThat(check("type: grpc", garbage)).isEqualTo("an unknown status");
    int plain = servers.http(request -> request.response().setStatusCode(404).end());
    assertThat(check("type: grpc", plain)).isEqualTo("status 404");
  }

  @Test
  void grpcGoesOverTls() throws Exception {
    ProbeServers.certificate(folder, "health.test");
    HttpServerOptions secure =
        new HttpServerOptions()
            .setSsl(true)
            .setUseAlpn(true)
            .setKeyCertOptions(ProbeServers.key(folder));
    int port = servers.http(secure, request -> ProbeServers.grpc(request, 0x08, 1));
    assertThat(check("type: grpc, " + tls(), port)).isEmpty();
    assertThat(check("type: grpc, tls: {server-name: health.test}", port)).isNotEmpty();
  }
}
