package io.sentinelgateway.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.verticle.Eventually;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Blocking queries, against what stands in for Consul's health interface. */
class ConsulDiscoveryTest {

  private static final String ONE = instance("10.0.0.1", 80, 1);
  private static final String TWO = instance("10.0.0.2", 80, 5);

  private final Vertx vertx = Vertx.vertx();
  private final Queue<HttpServerRequest> asked = new ConcurrentLinkedQueue<>();
  private final Queue<HttpServerRequest> waiting = new ConcurrentLinkedQueue<>();
  private HttpServer server;
  private volatile long index = 10;
  private volatile String instances = "[" + ONE + "]";
  private volatile String mood = "well";

  @BeforeEach
  void open() {
    server = vertx.createHttpServer().requestHandler(this::handle).listen(0, "127.0.0.1").await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  private static String instance(String host, int port, int weight) {
    return """
        {"Node": {"Address": "10.9.9.9"},
         "Service": {"Address": "%s", "Port": %d, "Weights": {"Passing": %d, "Warning": 1}}}
        """
        .formatted(host, port, weight);
  }

  /** As Consul: at once unless the index asked for is the current one. */
  private void handle(HttpServerRequest request) {
    asked.add(request);
    String known = request.getParam("index");
    switch (mood) {
      case "broken" -> request.response().setStatusCode(500).end("rpc error");
      case "silent" -> waiting.add(request);
      case "garbled" -> request.response().end("<html>");
      default -> {
        if (known == null || Long.parseLong(known) != index) {
          answer(request);
        } else {
          waiting.add(request);
        }
      }
    }
  }

  private void answer(HttpServerRequest request) {
    request.response().putHeader("X-Consul-Index", Long.toString(index)).end(instances);
  }

  private void change(long to, String... now) {
    index = to;
    instances = "[" + String.join(",", now) + "]";
    waiting.forEach(this::answer);
    waiting.clear();
  }

  private Followed follow(String more) {
    String api = "http://127.0.0.1:" + server.actualPort();
    return Followed.source(
        "{type: consul, service: shop, api: \"" + api + "\", timeout: 300ms" + more + "}");
  }

  private void waits() {
    Eventually.holds("a question waits", () -> !waiting.isEmpty());
  }

  @Test
  void followsChangesByBlockingQueries() {
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:80 1 0");
      waits();
      assertThat(asked).hasSize(2);
      change(11, ONE, TWO);
      source.finds("10.0.0.1:80 1 0", "10.0.0.2:80 5 0");
      waits();
      change(12, TWO);
      source.finds("10.0.0.2:80 5 0");
      assertThat(source.failures()).isEmpty();
    }
  }

  @Test
  void asksForWhatTheSettingsSay() {
    try (Followed source = follow(", datacenter: d 1, tag: v2, token: s3cret, max-wait: 7s")) {
      source.finds("10.0.0.1:80 1 0");
      waits();
      HttpServerRequest second = waiting.peek();
      assertThat(second.path()).isEqualTo("/v1/health/service/shop");
      assertThat(second.query()).isEqualTo("passing=1&dc=d%201&tag=v2&index=10&wait=7000ms");
      assertThat(second.getHeader("x-consul-token")).isEqualTo("s3cret");
    }
  }

  @Test
  void takesTheAddressOfTheNodeWhereTheServiceHasNone() {
    instances = "[" + instance("", 81, 0) + "]";
    try (Followed source = follow("")) {
      source.finds("10.9.9.9:81 1 0");
    }
  }

  @Test
  void beginsAnewWhenTheIndexGoesBackwards() {
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:80 1 0");
      waits();
      int before = asked.size();
      change(3, TWO);
      source.finds("10.0.0.2:80 5 0");
      waits();
      assertThat(asked.stream().skip(before).findFirst().orElseThrow().query())
          .doesNotContain("index");
    }
  }

  @Test
  void keepsTheLastAnswerWhileConsulFails() {
    try (Followed source = follow("")) {
      source.finds("10.0.0.1:80 1 0");
      waits();
      mood = "broken";
      change(11, ONE);
      source.fails("answered 500");
      mood = "garbled";
      source.fails("no list of instances");
      source.finds("10.0.0.1:80 1 0");
      mood = "well";
      change(12, TWO);
      source.finds("10.0.0.2:80 5 0");
    }
  }

  @Test
  void doesNotWaitForAnAnswerThatNeverComes() {
    mood = "silent";
    try (Followed source = follow("")) {
      source.fails("no answer in 300 ms");
      mood = "well";
      source.finds("10.0.0.1:80 1 0");
    }
  }

  @Test
  void neverShowsItsToken() {
    assertThat(Followed.settings("{type: consul, service: shop, token: s3cret}").toString())
        .doesNotContain("s3cret");
  }
}
