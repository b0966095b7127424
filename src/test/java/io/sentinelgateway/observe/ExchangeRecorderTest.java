package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ExchangeRecord;
import io.sentinelgateway.exchange.RequestBody;
import io.sentinelgateway.http.RequestHead;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.WebClient;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The end of an exchange, with requests from a real socket. */
class ExchangeRecorderTest {

  private final Vertx vertx = Vertx.vertx();
  private final TestLoop loop = new TestLoop(vertx);
  private final GatewayMetrics metrics = new GatewayMetrics(1, "test");
  private final MemorySink sink = new MemorySink();
  private AccessLog log;
  private ExchangeRecorder recorder;

  @BeforeEach
  void open() throws IOException {
    log = AccessLog.open(16, 1, sink, () -> 0);
    metrics.accessLog(log);
    recorder = new ExchangeRecorder(loop, metrics.loop(0), log);
  }

  @AfterEach
  void close() throws Exception {
    log.close();
    metrics.close();
    vertx.close().await(10, TimeUnit.SECONDS);
  }

  @Test
  void anExchangeIsOneLineAndOneRequestHoweverOftenItEnds() throws Exception {
    serve(
        request -> {
          Exchange exchange = exchange(request);
          recorder.started("web");
          end(exchange.record());
          recorder.finished(exchange);
          recorder.finished(exchange);
        });
    Eventually.holds(() -> log.written() == 1);
    log.close();
    assertThat(sink.lines()).hasSize(1);
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_requests_total{method=\"GET\",route=\"r\",status=\"200\"}", 1.0)
        .containsEntry("sentinel_active_requests{listener=\"web\"}", 0.0)
        .containsEntry("sentinel_request_duration_seconds_count{route=\"r\"}", 1.0)
        .containsEntry("sentinel_response_bytes_total{route=\"r\"}", 7.0)
        .containsEntry("sentinel_access_log_lines_total{result=\"written\"}", 1.0);
  }

  @Test
  void theLineShowsTheTargetAsItWasAskedFor() throws Exception {
    serve(
        request -> {
          Exchange exchange = exchange(request);
          recorder.started("web");
          exchange.rewrite("/rewritten", null);
          end(exchange.record());
          recorder.finished(exchange);
        });
    Eventually.holds(() -> log.written() == 1);
    JsonObject line = sink.lines().get(0);
    assertThat(line.getString("target")).isEqualTo("/a/../b?q=%22x%22");
    assertThat(line.getString("host")).isEqualTo("shop.example");
    assertThat(line.getString("user-agent")).isEqualTo("test \"agent\"");
    assertThat(line.getString("time")).isEqualTo("2025-11-24T15:59:59.995Z");
    assertThat(line.getJsonObject("ms").getDouble("total")).isEqualTo(5.0);
  }

  @Test
  void aRequestRefusedBeforeItWasAnExchangeIsOneLineToo() throws Exception {
    serve(
        request -> {
          ExchangeRecord record = new ExchangeRecord();
          recorder.started("web");
          record.listener = "web";
          record.startedNanos = loop.nanoTime();
          record.status = 414;
          record.error = ProxyError.of(ProxyError.Cause.TARGET_TOO_LONG, "8KiB");
          recorder.refused(request, client(), record);
          recorder.refused(request, client(), record);
        });
    Eventually.holds(() -> log.written() == 1);
    JsonObject line = sink.lines().get(0);
    assertThat(line.getString("reason")).isEqualTo("target_too_long");
    assertThat(line.getString("method")).isEqualTo("GET");
    assertThat(Scrape.of(metrics))
        .containsEntry("sentinel_failures_total{reason=\"target_too_long\"}", 1.0)
        .containsEntry("sentinel_requests_total{method=\"GET\",route=\"-\",status=\"414\"}", 1.0);
  }

  @Test
  void anotherLogTakesTheNextLine() throws Exception {
    MemorySink second = new MemorySink();
    try (AccessLog other = AccessLog.open(16, 1, second, () -> 0)) {
      serve(
          request -> {
            recorder.logTo(other);
            Exchange exchange = exchange(request);
            recorder.started("web");
            end(exchange.record());
            recorder.finished(exchange);
          });
    }
    assertThat(second.lines()).hasSize(1);
    assertThat(sink.lines()).isEmpty();
  }

  private void end(ExchangeRecord record) {
    record.requestId = "abc";
    record.listener = "web";
    record.route = "r";
    record.status = 200;
    record.responseBytes = 7;
    record.startedNanos = loop.nanoTime();
    loop.nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(5));
  }

  private Exchange exchange(HttpServerRequest request) {
    RequestHead head =
        new RequestHead(
            request.method().name(),
            "http",
            request.authority().host(),
            -1,
            "/b",
            request.query(),
            request.headers(),
            InetAddress.getLoopbackAddress());
    RequestBody none =
        (RequestBody)
            Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {RequestBody.class}, (p, m, a) -> null);
    return new Exchange(request, head, client(), none, loop);
  }

  private static Client client() {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    return new Client(loopback, 1234, loopback, false, false);
  }

  private void serve(Consumer<HttpServerRequest> each) throws Exception {
    HttpServer server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  each.accept(request);
                  request.response().end();
                })
            .listen(0, "127.0.0.1")
            .await(10, TimeUnit.SECONDS);
    WebClient.create(vertx)
        .get(server.actualPort(), "127.0.0.1", "/a/../b?q=%22x%22")
        .virtualHost("shop.example")
        .putHeader("User-Agent", "test \"agent\"")
        .send()
        .await(10, TimeUnit.SECONDS);
  }
}
