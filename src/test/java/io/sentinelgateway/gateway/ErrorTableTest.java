package io.sentinelgateway.gateway;

import static io.sentinelgateway.gateway.GatewayFixture.upstream;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.sentinelgateway.error.ProxyError.Cause;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every failure of the table is provoked on a real connection and has its status and reason in the
 * answer, in Proxy-Status, in exactly one access log line and in the metric.
 */
class ErrorTableTest {

  private static final String ROUTE = "routes: {all: {forward: {upstream: origin}}}\n";

  /** The client has the first bytes of the content. */
  private final CountDownLatch seen = new CountDownLatch(1);

  @TempDir Path folder;

  /** What the client saw is what the gateway says of it. */
  private static void isReported(GatewayFixture gateway, Answer answer, Cause cause)
      throws IOException {
    assertThat(answer.status()).isEqualTo(cause.status());
    assertThat(answer.field("content-type")).contains("application/json; charset=utf-8");
    assertThat(answer.field("cache-control")).contains("no-store");
    assertThat(answer.json().getInteger("status")).isEqualTo(cause.status());
    assertThat(answer.reason()).isEqualTo(cause.code());
    assertThat(answer.field("proxy-status"))
        .contains("sentinel; error=" + cause.proxyStatus() + "; details=\"" + cause.code() + '"');
    var line = gateway.accessLine();
    assertThat(line.getInteger("status")).isEqualTo(cause.status());
    assertThat(line.getString("reason")).isEqualTo(cause.code());
    assertThat(line.getString("listener")).isEqualTo("web");
    assertThat(answer.json().getString("request-id")).isEqualTo(line.getString("id"));
    assertThat(gateway.failures(cause.code())).isEqualTo(1);
  }

  /** The answer had begun: only the log and the metric know why it broke off. */
  private static void isRecorded(GatewayFixture gateway, int status, Cause cause)
      throws IOException {
    var line = gateway.accessLine();
    assertThat(line.getInteger("status")).isEqualTo(status);
    assertThat(line.getString("reason")).isEqualTo(cause.code());
    assertThat(gateway.failures(cause.code())).isEqualTo(1);
  }

  private GatewayFixture limited(String listener) throws Exception {
    return GatewayFixture.start(
        folder,
        "listeners: {web: {address: \"127.0.0.1:0\", "
            + listener
            + "}}\nroutes: {all: {respond: {body: ok}}}\n");
  }

  @Test
  void targetTooLong() throws Exception {
    try (GatewayFixture gateway = limited("limits: {target-bytes: 64B}")) {
      assertThat(gateway.get("/" + "x".repeat(63)).status()).isEqualTo(200);
    }
    try (GatewayFixture gateway = limited("limits: {target-bytes: 64B}")) {
      isReported(gateway, gateway.get("/" + "x".repeat(64)), Cause.TARGET_TOO_LONG);
    }
  }

  @Test
  void targetMuchTooLong() throws Exception {
    try (GatewayFixture gateway = limited("limits: {target-bytes: 64B}")) {
      isReported(gateway, gateway.get("/" + "x".repeat(5000)), Cause.TARGET_TOO_LONG);
    }
  }

  @Test
  void headerFieldsTooLarge() throws Exception {
    try (GatewayFixture gateway = limited("limits: {header-bytes: 1KiB}")) {
      isReported(
          gateway, gateway.get("/", "X: " + "x".repeat(1100)), Cause.HEADER_FIELDS_TOO_LARGE);
    }
  }

  @Test
  void tooManyHeaderFields() throws Exception {
    try (GatewayFixture gateway = limited("limits: {header-count: 3}")) {
      assertThat(gateway.get("/", "X-A: 1", "X-B: 1").status()).isEqualTo(200);
    }
    try (GatewayFixture gateway = limited("limits: {header-count: 3}")) {
      isReported(
          gateway, gateway.get("/", "X-A: 1", "X-B: 1", "X-C: 1"), Cause.HEADER_FIELDS_TOO_LARGE);
    }
  }

  @Test
  void contentTooLargeByItsLength() throws Exception {
    try (GatewayFixture gateway = limited("limits: {content-bytes: 10B}");
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n01234567890");

      isReported(gateway, client.answer(), Cause.CONTENT_TOO_LARGE);
    }
  }

  @Test
  void contentTooLargeByItsChunks() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.awaitClose();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\", limits: {content-bytes: 10B}}}\n"
                    + upstream(origin)
                    + ROUTE);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      client.send("6\r\n012345\r\n6\r\n012345\r\n0\r\n\r\n");

      isReported(gateway, client.answer(), Cause.CONTENT_TOO_LARGE);
      assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
    }
  }

  @Test
  void headerSectionThatTakesTooLong() throws Exception {
    try (GatewayFixture gateway = limited("timeouts: {header: 200ms}");
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/1.1\r\nHost: a\r\nX");
      // A byte now and then must not keep it open.
      Thread drip =
          new Thread(
              () -> {
                for (int i = 0; i < 40; i++) {
                  client.sendWhatIsTaken(new byte[] {'x'});
                  java.util.concurrent.locks.LockSupport.parkNanos(20_000_000);
                }
              });
      drip.start();

      Answer answer = client.answer();

      drip.join();
      assertThat(answer.status()).isEqualTo(408);
      assertThat(answer.reason()).isEqualTo("request_timeout");
      assertThat(answer.field("connection")).contains("close");
      assertThat(answer.field("proxy-status").orElseThrow())
          .contains("error=http_request_error", "request_timeout");
      assertThat(client.closed()).isTrue();
      isRecorded(gateway, 408, Cause.REQUEST_TIMEOUT);
      assertThat(gateway.accessLine().getString("client")).isEqualTo("127.0.0.1");
    }
  }

  @Test
  void contentThatDoesNotCome() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\", timeouts: {idle: 200ms}}}\n"
                    + upstream(origin)
                    + ROUTE);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n012");

      isReported(gateway, client.answer(), Cause.REQUEST_TIMEOUT);
      assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
    }
  }

  @Test
  void connectionWithoutRequests() throws Exception {
    try (GatewayFixture gateway = limited("timeouts: {idle: 100ms}");
        RawClient fresh = gateway.client();
        RawClient used = gateway.client()) {
      assertThat(used.get("/").body()).isEqualTo("ok");

      assertThat(fresh.closed()).isTrue();
      assertThat(used.closed()).isTrue();
      // There was no request: nothing failed.
      assertThat(gateway.accessLog(1)).hasSize(1);
      assertThat(gateway.failures("request_timeout")).isZero();
    }
  }

  @Test
  void originThatIsSlowerThanTheClientsIdleTimeIsNotTheClientsFault() throws Exception {
    CountDownLatch waited = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.await(waited);
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                  peer.awaitClose();
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\", timeouts: {idle: 100ms}}}\n"
                    + upstream(origin)
                    + ROUTE);
        RawClient idle = gateway.client();
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      assertThat(idle.closed()).as("idle time is over").isTrue();
      try (RawClient later = gateway.client()) {
        assertThat(later.closed()).as("twice").isTrue();
      }
      waited.countDown();

      assertThat(client.answer().body()).isEqualTo("ok");
    }
  }

  @Test
  void noRoute() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, "routes: {a: {match: {path: /a}, respond: {body: ok}}}\n")) {
      isReported(gateway, gateway.get("/b"), Cause.NO_ROUTE);
    }
  }

  @Test
  void notFound() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, "routes: {a: {static: {root: " + folder + "}}}\n")) {
      isReported(gateway, gateway.get("/missing"), Cause.NOT_FOUND);
    }
  }

  @Test
  void methodNotAllowed() throws Exception {
    try (GatewayFixture gateway =
            GatewayFixture.start(folder, "routes: {a: {static: {root: " + folder + "}}}\n");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("DELETE", "/x"));
      Answer answer = client.answer();

      isReported(gateway, answer, Cause.METHOD_NOT_ALLOWED);
      assertThat(answer.field("allow")).contains("GET, HEAD");
    }
  }

  @Test
  void rangeNotSatisfiable() throws Exception {
    Files.writeString(folder.resolve("short.txt"), "0123456789");
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, "routes: {a: {static: {root: " + folder + "}}}\n")) {
      Answer answer = gateway.get("/short.txt", "Range: bytes=10-");

      isReported(gateway, answer, Cause.RANGE_NOT_SATISFIABLE);
      assertThat(answer.field("content-range")).contains("bytes */10");
    }
  }

  @Test
  void malformedAndUnsupported() throws Exception {
    try (GatewayFixture gateway = limited("limits: {}")) {
      isReported(gateway, gateway.get("/%zz"), Cause.MALFORMED_REQUEST);
    }
    try (GatewayFixture gateway = limited("limits: {}")) {
      isReported(gateway, gateway.get("/", "Expect: x"), Cause.EXPECTATION_FAILED);
    }
    try (GatewayFixture gateway = limited("limits: {}");
        RawClient client = gateway.client()) {
      client.send("CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n");
      isReported(gateway, client.answer(), Cause.METHOD_NOT_IMPLEMENTED);
    }
    try (GatewayFixture gateway = limited("limits: {}");
        RawClient client = gateway.client()) {
      client.send("GET / HTTP/2.0\r\nHost: a\r\n\r\n");
      isReported(gateway, client.answer(), Cause.VERSION_NOT_SUPPORTED);
    }
  }

  @Test
  void internal() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(
            folder,
            """
            filters: {bug: {type: interceptor, class-name: %s}}
            routes: {all: {filters: [bug], respond: {body: ok}}}
            """
                .formatted(ThrowingInterceptor.class.getName()))) {
      Answer answer = gateway.get("/");

      isReported(gateway, answer, Cause.INTERNAL);
      assertThat(answer.body()).doesNotContain("a bug in a plugin");
    }
  }

  @Test
  void connectRefused() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, upstream(FreePort.address()) + ROUTE)) {
      isReported(gateway, gateway.get("/"), Cause.CONNECT_REFUSED);
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(3);
    }
  }

  @Test
  void connectFailed() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, upstream("unix:" + folder + "/none.sock") + ROUTE)) {
      isReported(gateway, gateway.get("/"), Cause.CONNECT_FAILED);
    }
  }

  @Test
  void nameNotResolved() throws Exception {
    try (GatewayFixture gateway = GatewayFixture.start(folder, upstream("a..b:80") + ROUTE)) {
      isReported(gateway, gateway.get("/"), Cause.NAME_NOT_RESOLVED);
    }
  }

  @Test
  void connectTimeout() throws Exception {
    List<Socket> waiting = new ArrayList<>();
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(
                        "127.0.0.1:" + full.getLocalPort(), "connections: {connect-timeout: 100ms}")
                    + "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n")) {
      fill(full, waiting);

      isReported(gateway, gateway.get("/"), Cause.CONNECT_TIMEOUT);
    } finally {
      for (Socket socket : waiting) {
        socket.close();
      }
    }
  }

  /** Connects until the queue of connections that nobody accepts is full. */
  private static void fill(ServerSocket server, List<Socket> waiting) throws IOException {
    while (waiting.size() < 50) {
      Socket socket = new Socket();
      waiting.add(socket);
      try {
        socket.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()), 200);
      } catch (SocketTimeoutException e) {
        return;
      }
    }
  }

  @Test
  void poolFull() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (ScriptedOrigin origin = ScriptedOrigin.start(peer -> hold(peer, done));
        GatewayFixture gateway =
            GatewayFixture.start(
                folder, upstream(origin, "connections: {max: 1, queue: 0}") + ROUTE);
        RawClient first = gateway.client()) {
      first.send(RawClient.request("GET", "/"));
      Eventually.holds(() -> origin.requests().size() == 1);

      isReported(gateway, gateway.get("/"), Cause.POOL_FULL);
      assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
      done.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
    }
  }

  @Test
  void poolTimeout() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    try (ScriptedOrigin origin = ScriptedOrigin.start(peer -> hold(peer, done));
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, "connections: {max: 1, queue: 1, queue-timeout: 100ms}") + ROUTE);
        RawClient first = gateway.client()) {
      first.send(RawClient.request("GET", "/"));
      Eventually.holds(() -> origin.requests().size() == 1);

      isReported(gateway, gateway.get("/"), Cause.POOL_TIMEOUT);
      // Waiting three times as long as the setting says would be no limit.
      assertThat(gateway.accessLine().getInteger("attempts")).isEqualTo(1);
      done.countDown();
      assertThat(first.answer().status()).isEqualTo(200);
    }
  }

  private static void hold(ScriptedOrigin.Peer peer, CountDownLatch done) throws Exception {
    while (peer.request().isPresent()) {
      peer.await(done);
      peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    }
  }

  @Test
  void noTargetAvailable() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(
            folder,
            upstream(
                    FreePort.address(),
                    "health: {passive: {consecutive-failures: 1, eject-for: 1h, max-ejected:"
                        + " 100%}}")
                + ROUTE)) {
      assertThat(gateway.get("/").reason()).isIn("connect_refused", "no_target_available");
      Eventually.holds(() -> !gateway.target(0, 0).getBoolean("available"));
      double before = gateway.failures("no_target_available");

      Answer answer = gateway.get("/");

      assertThat(answer.status()).isEqualTo(503);
      assertThat(answer.reason()).isEqualTo("no_target_available");
      assertThat(answer.field("proxy-status").orElseThrow()).contains("destination_unavailable");
      assertThat(gateway.accessLog(2).get(1).getString("reason")).isEqualTo("no_target_available");
      assertThat(gateway.failures("no_target_available")).isEqualTo(before + 1);
    }
  }

  @Test
  void upstreamResetBeforeTheHead() throws Exception {
    provoke(ScriptedOrigin.Peer::reset, Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamClosedBeforeTheHead() throws Exception {
    provoke(peer -> {}, Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamResetInTheHead() throws Exception {
    provoke(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Le");
          peer.reset();
        },
        Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamClosedInTheHead() throws Exception {
    provoke(peer -> peer.write("HTTP/1.1 200 OK\r\nContent-Le"), Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamAnswersGarbage() throws Exception {
    provoke(peer -> peer.write("SSH-2.0-OpenSSH_9.2\r\n\r\n"), Cause.UPSTREAM_MALFORMED);
  }

  @Test
  void upstreamAnswersWithAControlCharacterInAField() throws Exception {
    provoke(
        peer -> peer.write("HTTP/1.1 200 OK\r\nX-A: 1\0\r\nContent-Length: 0\r\n\r\n"),
        Cause.UPSTREAM_MALFORMED);
  }

  @Test
  void upstreamAnswersWithTwoLengths() throws Exception {
    provoke(
        peer -> peer.write("HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        Cause.UPSTREAM_MALFORMED);
  }

  @Test
  void upstreamAnswersWithLengthAndChunks() throws Exception {
    provoke(
        peer ->
            peer.write(
                "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "0\r\n\r\n"),
        Cause.UPSTREAM_MALFORMED);
  }

  @Test
  void upstreamHeadTooLarge() throws Exception {
    provoke(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\n");
          peer.write("X: 0123456789\r\n".repeat(10_000));
        },
        Cause.UPSTREAM_HEADER_TOO_LARGE);
  }

  @Test
  void upstreamThatTakesNoMoreContent() throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.await(seen);
                });
        GatewayFixture gateway =
            GatewayFixture.start(folder, upstream(origin, "timeouts: {response: 200ms}") + ROUTE);
        RawClient client = gateway.client()) {
      client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 100000000\r\n\r\n");
      Thread upload = new Thread(() -> client.sendWhatIsTaken(new byte[100_000_000]));
      upload.start();

      isReported(gateway, client.answer(), Cause.UPSTREAM_TIMEOUT);
      upload.join();
      seen.countDown();
    }
  }

  @Test
  void upstreamTimeout() throws Exception {
    provoke(ScriptedOrigin.Peer::awaitClose, Cause.UPSTREAM_TIMEOUT, "timeouts: {response: 100ms}");
  }

  private void provoke(ScriptedOrigin.Script afterRequest, Cause cause, String... settings)
      throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  afterRequest.serve(peer);
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin, settings)
                    + "routes: {all: {forward: {upstream: origin, retry: {attempts: 1}}}}\n")) {
      isReported(gateway, gateway.get("/"), cause);
      assertThat(gateway.target(0, 0).getInteger("failures")).isEqualTo(1);
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void upstreamResetInTheContent() throws Exception {
    breakOff(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          peer.await(seen);
        },
        "/",
        Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamClosesWithinChunks() throws Exception {
    breakOff(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
          peer.await(seen);
        },
        "/",
        Cause.UPSTREAM_RESET);
  }

  @Test
  void upstreamSendsABadChunk() throws Exception {
    breakOff(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
          peer.await(seen);
          peer.write("zz\r\n");
          peer.awaitClose();
        },
        "/",
        Cause.UPSTREAM_MALFORMED);
  }

  @Test
  void upstreamFallsSilentWithinItsContent() throws Exception {
    breakOff(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          peer.awaitClose();
        },
        "/idle",
        Cause.UPSTREAM_IDLE_TIMEOUT);
  }

  @Test
  void routesDeadlineWithinTheContent() throws Exception {
    breakOff(
        peer -> {
          peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
          peer.awaitClose();
        },
        "/deadline",
        Cause.DEADLINE_EXCEEDED);
  }

  private void breakOff(ScriptedOrigin.Script script, String path, Cause cause) throws Exception {
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  script.serve(peer);
                });
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                """
                upstreams:
                  origin: {targets: [{address: "%s"}]}
                  idle: {targets: [{address: "%s"}], timeouts: {idle: 200ms}}
                routes:
                  deadline: {match: {path: /deadline}, forward: {upstream: origin, timeout: 300ms}}
                  idle: {match: {path: /idle}, forward: {upstream: idle}}
                  all: {forward: {upstream: origin}}
                """
                    .formatted(origin.address(), origin.address()));
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", path));
      Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);
      if (head.field("transfer-encoding").isPresent()) {
        assertThat(client.chunk()).isEqualTo("abc");
      } else {
        assertThat(client.bytes(3)).isEqualTo("abc");
      }
      seen.countDown();
      assertThat(origin.requests()).hasSize(1);

      assertThat(client.closed()).as("broken, not ended").isTrue();
      isRecorded(gateway, 200, cause);
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void deadlineOfTheRoute() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::awaitClose);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                upstream(origin)
                    + "routes: {all: {forward: {upstream: origin, timeout: 100ms}}}\n")) {
      isReported(gateway, gateway.get("/"), Cause.DEADLINE_EXCEEDED);
      assertThat(gateway.accessLine().getString("detail")).isEqualTo("forward.timeout");
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void deadlineOfTheListener() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.Peer::awaitClose);
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                "listeners: {web: {address: \"127.0.0.1:0\", timeouts: {request: 100ms}}}\n"
                    + upstream(origin)
                    + ROUTE)) {
      isReported(gateway, gateway.get("/"), Cause.DEADLINE_EXCEEDED);
      assertThat(gateway.accessLine().getString("detail")).isEqualTo("timeouts.request");
      Eventually.holds(() -> origin.open() == 0);
    }
  }

  @Test
  void answersInTheFormThatTheClientPrefers() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, "routes: {a: {match: {path: /a}, respond: {body: ok}}}\n")) {
      Answer html = gateway.get("/b", "Accept: text/html,application/xhtml+xml,*/*;q=0.8");
      assertThat(html.field("content-type")).contains("text/html; charset=utf-8");
      assertThat(html.body()).contains("404 no_route").startsWith("<!doctype html>");
      Answer text = gateway.get("/b", "Accept: text/plain");
      assertThat(text.field("content-type")).contains("text/plain; charset=utf-8");
      assertThat(text.body()).startsWith("404 no_route");
      assertThat(gateway.get("/b", "Accept: */*").reason()).isEqualTo("no_route");
    }
  }

  @Test
  void answersHeadWithoutContent() throws Exception {
    try (GatewayFixture gateway =
            GatewayFixture.start(
                folder, "routes: {a: {match: {path: /a}, respond: {body: ok}}}\n");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("HEAD", "/b"));
      assertThat(client.head().status()).isEqualTo(404);
      assertThat(client.get("/a").body()).isEqualTo("ok");
    }
  }
}
