package io.sentinelgateway.suite;

import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/** Requests at a fixed rate, whatever comes of them, with some methods in turn. */
final class SteadyLoad implements AutoCloseable {

  private static final int TICK_MILLIS = 5;

  private final Vertx vertx = Vertx.vertx();
  private final WebClient client;
  private final int port;
  private final AtomicLong answered = new AtomicLong();
  private final AtomicLong sent = new AtomicLong();
  private final Queue<Failure> failures = new ConcurrentLinkedQueue<>();
  private final long timer;

  /** A request that got no 200. */
  record Failure(HttpMethod method, int status, String reason) {}

  /**
   * @param perSecond a multiple of 200
   */
  SteadyLoad(int port, int perSecond, HttpMethod... methods) {
    this.port = port;
    client =
        WebClient.create(
            vertx,
            new WebClientOptions().setKeepAlive(true),
            new PoolOptions().setHttp1MaxSize(256).setMaxWaitQueueSize(-1));
    int perTick = perSecond * TICK_MILLIS / 1000;
    timer =
        vertx.setPeriodic(
            TICK_MILLIS,
            id -> {
              for (int i = 0; i < perTick; i++) {
                send(methods[i % methods.length]);
              }
            });
  }

  private void send(HttpMethod method) {
    sent.incrementAndGet();
    var request = client.request(method, port, "127.0.0.1", "/");
    (method.equals(HttpMethod.GET) ? request.send() : request.sendBuffer(Buffer.buffer("content")))
        .onComplete(
            response -> {
              answered.incrementAndGet();
              if (response.failed()) {
                failures.add(new Failure(method, 0, response.cause().toString()));
              } else if (response.result().statusCode() != 200) {
                failures.add(failure(method, response.result()));
              }
            });
  }

  private static Failure failure(HttpMethod method, HttpResponse<Buffer> response) {
    String content = response.bodyAsString();
    String reason =
        content != null && content.startsWith("{")
            ? response.bodyAsJsonObject().getString("reason")
            : content;
    return new Failure(method, response.statusCode(), reason);
  }

  long answered() {
    return answered.get();
  }

  List<Failure> failures() {
    return new ArrayList<>(failures);
  }

  /** Sends no more and waits for the rest. */
  void finish() {
    vertx.cancelTimer(timer);
    Eventually.holds("every request has an answer", () -> answered.get() == sent.get());
  }

  @Override
  public void close() {
    client.close();
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }
}
