package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Origin servers that speak HTTP/2: requests and answers are the same for the client. */
class Http2OriginTest {

  private static final int LARGE = 3 * 1024 * 1024;

  @TempDir private Path folder;

  @Test
  void translatesTheHeadOfARequest() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  seen.add(request.version() + " " + request.scheme() + " " + request.uri());
                  seen.add(String.valueOf(request.authority()));
                  request.headers().forEach((name, value) -> seen.add(name + "=" + value));
                  request.response().end("hello");
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      Answer answer = gateway.get("/a?b=c", "X-Mixed: Case", "TE: trailers", "Keep-Alive: 5");
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.body()).isEqualTo("hello");
    }
    assertThat(seen).contains(HttpVersion.HTTP_2 + " http /a?b=c", "x-mixed=Case", "te=trailers");
    assertThat(seen.get(1)).isEqualTo("a.example");
    assertThat(seen)
        .noneMatch(line -> line.startsWith("connection") || line.startsWith("keep-alive"));
  }

  @Test
  void usesOneConnectionForManyRequestsAtOnce() throws Exception {
    ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    try (Http2Origin origin = Http2Origin.start(held::add);
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      ask(gateway, held, 20);
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(gateway.metric("sentinel_pool_opened_total{reason=\"first\",upstream=\"origin\"}"))
          .isEqualTo(1);
      assertThat(
              gateway.metric(
                  "sentinel_pool_protocol_connections_total{protocol=\"http2\",upstream=\"origin\"}"))
          .isEqualTo(1);
    }
  }

  @Test
  void opensMoreConnectionsWhenStreamsAreUsedUp() throws Exception {
    ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    try (Http2Origin origin = Http2Origin.start(4, held::add);
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      ask(gateway, held, 20);
      assertThat(origin.connections()).isEqualTo(5);
    }
  }

  @Test
  void sendsNoMoreStreamsThanTheSettingsAllow() throws Exception {
    ConcurrentLinkedQueue<HttpServerRequest> held = new ConcurrentLinkedQueue<>();
    try (Http2Origin origin = Http2Origin.start(held::add);
        GatewayFixture gateway =
            GatewayFixture.start(folder, origin.upstream("connections: {max-streams: 5}"))) {
      ask(gateway, held, 10);
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  /** Sends requests that the origin holds until all are there. */
  private static void ask(
      GatewayFixture gateway, ConcurrentLinkedQueue<HttpServerRequest> held, int count)
      throws Exception {
    List<RawClient> clients = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      RawClient client = gateway.client();
      client.send(RawClient.request("GET", "/" + i));
      clients.add(client);
    }
    Eventually.holds(() -> held.size() == count);
    Eventually.holds(() -> streams(gateway) == count);
    held.forEach(request -> request.response().end(request.uri()));
    for (int i = 0; i < count; i++) {
      try (RawClient client = clients.get(i)) {
        assertThat(client.answer().body()).isEqualTo("/" + i);
      }
    }
    Eventually.holds(() -> streams(gateway) == 0);
  }

  private static double streams(GatewayFixture gateway) throws Exception {
    return gateway.metric("sentinel_pool_streams{upstream=\"origin\"}");
  }

  @Test
  void passesContentBothWays() throws Exception {
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  request.response().setChunked(true);
                  request.pipeTo(request.response());
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient client = gateway.client()) {
      String content = "0123456789abcdef".repeat(LARGE / 16);
      client.send(
          "POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + LARGE + "\r\n\r\n");
      Thread sender = new Thread(() -> send(client, content));
      sender.start();
      assertThat(client.answer().body()).isEqualTo(content);
      sender.join();
    }
  }

  private static void send(RawClient client, String content) {
    try {
      client.send(content);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void passesTrailersOn() throws Exception {
    try (Http2Origin origin =
            Http2Origin.start(
                request ->
                    request.endHandler(
                        end -> {
                          request.response().putTrailer("grpc-status", "0");
                          request.response().end("x");
                        }));
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient client = gateway.client()) {
      client.send(
          "POST / HTTP/1.1\r\nHost: localhost\r\nTE: trailers\r\nConnection: te\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\nX-Sum: 7\r\n\r\n");
      Answer answer = client.answer();
      assertThat(answer.body()).isEqualTo("x");
      assertThat(answer.trailers()).containsExactly("grpc-status: 0");
    }
  }

  @Test
  void knowsAnswersWithoutContent() throws Exception {
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  if (request.method().equals(HttpMethod.HEAD)) {
                    request.response().putHeader("content-length", "5").end();
                  } else {
                    request.response().setStatusCode(Integer.parseInt(request.path().substring(1)));
                    request.response().end();
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient client = gateway.client()) {
      assertThat(client.get("/204").status()).isEqualTo(204);
      assertThat(client.get("/304").status()).isEqualTo(304);
      assertThat(client.get("/200").body()).isEmpty();
      assertThat(gateway.get("/404").status()).isEqualTo(404);
      assertThat(origin.connections()).isEqualTo(1);
    }
  }

  @Test
  void oneClientThatDoesNotReadHoldsNobodyElseUp() throws Exception {
    AtomicInteger written = new AtomicInteger();
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  if (request.path().equals("/large")) {
                    request.response().setChunked(true);
                    pour(request, written);
                  } else {
                    request.response().end("quick");
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream());
        RawClient stalled = new RawClient(gateway.port(), 4096)) {
      stalled.send(RawClient.request("GET", "/large"));
      stalled.head();
      Eventually.holds(() -> stays(written));
      for (int i = 0; i < 50; i++) {
        assertThat(gateway.get("/quick").body()).isEqualTo("quick");
      }
      assertThat(origin.connections()).isEqualTo(1);
      assertThat(written.get()).isLessThan(16 * 1024 * 1024);
      stalled.reset();
    }
  }

  private static void pour(HttpServerRequest request, AtomicInteger written) {
    while (!request.response().closed() && !request.response().writeQueueFull()) {
      written.addAndGet(8192);
      request.response().write(Buffer.buffer(new byte[8192]));
    }
    request.response().drainHandler(v -> pour(request, written));
    request.response().exceptionHandler(gone -> {});
  }

  private static boolean stays(AtomicInteger written) {
    int before = written.get();
    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
    return written.get() == before;
  }

  @Test
  void resetsTheStreamOfAClientThatLeaves() throws Exception {
    AtomicInteger resets = new AtomicInteger();
    AtomicInteger begun = new AtomicInteger();
    try (Http2Origin origin =
            Http2Origin.start(
                request -> {
                  if (request.path().equals("/never")) {
                    request.response().closeHandler(gone -> resets.incrementAndGet());
                    begun.incrementAndGet();
                  } else {
                    request.response().end("ok");
                  }
                });
        GatewayFixture gateway = GatewayFixture.start(folder, origin.upstream())) {
      RawClient client = gateway.client();
      client.send(RawClient.request("GET", "/never"));
      Eventually.holds(() -> begun.get() == 1);
      client.reset();
      Eventually.holds(() -> resets.get() == 1);
      assertThat(gateway.get("/").body()).isEqualTo("ok");
      assertThat(origin.connections()).isEqualTo(1);
    }
  }
}
