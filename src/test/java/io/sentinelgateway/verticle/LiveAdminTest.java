package io.sentinelgateway.verticle;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.observe.GatewayMetrics;
import io.vertx.core.Future;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The administration listener tells the truth about the gateway it belongs to. */
class LiveAdminTest {

  private static final String CONFIG =
      Running.HEAD
          + """
          listeners: {web: {address: "127.0.0.1:0"}}
          upstreams: {app: {targets: [{address: "127.0.0.1:1", weight: 3}]}}
          routes:
            app: {match: {path: {prefix: /app}}, forward: {upstream: app}}
            own: {match: {path: /own}, respond: {status: 204}}
          """;

  private Running running;

  @BeforeEach
  void start() throws Exception {
    running = Running.of(CONFIG);
  }

  @AfterEach
  void stop() {
    running.close();
  }

  private JsonObject json(String target) {
    Http.Answer answer = running.admin(target);
    assertThat(answer.status()).as(answer.content()).isEqualTo(200);
    return new JsonObject(answer.content());
  }

  @Test
  void isReadyUntilItDrains() throws Exception {
    assertThat(running.admin("/readyz").status()).isEqualTo(200);
    int admin = running.gateway().adminPort();
    running.reload(CONFIG.replace("quiet-period: 100ms", "quiet-period: 2s"));
    Future<?> drained = running.gateway().drain();
    Http.Answer answer = Http.get(admin, "/readyz");
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.content()).contains("draining");
    assertThat(Http.get(admin, "/healthz").status()).isEqualTo(200);
    Running.await(drained);
  }

  @Test
  void isNotReadyBeforeAConfigurationIsInForce() {
    ControlState state =
        new ControlState(
            "test", "nio", Instant.EPOCH, new Resources(1, new GatewayMetrics(1, "test")));
    assertThat(state.ready()).isFalse();
    assertThat(state.readiness()).isEqualTo("no configuration in force yet");
    state.inForce(running.snapshot());
    assertThat(state.ready()).isTrue();
    state.drain();
    assertThat(state.ready()).isFalse();
  }

  @Test
  void showsWhatRuns() {
    JsonObject status = json("/status");
    assertThat(status.getBoolean("ready")).isTrue();
    assertThat(status.getString("version")).isEqualTo("test");
    assertThat(status.getString("transport")).isNotBlank();
    assertThat(status.getJsonObject("configuration").getInteger("version")).isEqualTo(1);
    assertThat(status.getJsonObject("configuration").getBoolean("stale")).isFalse();
    assertThat(status.getJsonObject("listeners").getJsonObject("web").getInteger("port"))
        .isEqualTo(running.port("web"));
    assertThat(status.getJsonObject("lastReload").getString("result")).isEqualTo("applied");
  }

  @Test
  void showsWhatItTakes() {
    assertThat(running.get("/app").status()).isEqualTo(502);
    JsonObject status = json("/status");
    assertThat(status.getInteger("loops")).isEqualTo(2);
    JsonObject heap = status.getJsonObject("memory").getJsonObject("heap");
    assertThat(heap.getLong("used")).isPositive().isLessThanOrEqualTo(heap.getLong("committed"));
    assertThat(heap.getLong("committed")).isLessThanOrEqualTo(heap.getLong("max"));
    JsonObject direct = status.getJsonObject("memory").getJsonObject("direct");
    assertThat(direct.getLong("used")).isLessThanOrEqualTo(direct.getLong("max"));
    // Loops count their pools once a second.
    Eventually.holds(
        "the pool is shown",
        () ->
            new JsonObject()
                .put("open", 0)
                .put("resting", 0)
                .put("waiting", 0)
                .equals(json("/status").getJsonObject("pools").getJsonObject("app")));
  }

  @Test
  void showsUpstreamsAndTheirTargets() {
    assertThat(running.get("/app").status()).isEqualTo(502);
    JsonArray upstreams = new JsonArray(running.admin("/upstreams").content());
    JsonObject target = upstreams.getJsonObject(0).getJsonArray("targets").getJsonObject(0);
    assertThat(target.getString("address")).isEqualTo("127.0.0.1:1");
    assertThat(target.getInteger("weight")).isEqualTo(3);
    assertThat(target.getInteger("inFlight")).isEqualTo(0);
    assertThat(target.getInteger("failures")).isPositive();
  }

  @Test
  void showsTheConfigurationWithoutItsSecrets() throws Exception {
    String secret = "a-token-of-some-length";
    running.reload(
        CONFIG.replace(
            "admin: {address: \"127.0.0.1:0\"}",
            "admin: {address: \"127.0.0.1:0\", token: " + secret + "}"));
    try (Http admin = Http.open(running.gateway().adminPort())) {
      admin.write(
          "GET /config HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer "
              + secret
              + "\r\n\r\n");
      Http.Answer answer = admin.answer();
      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.content()).contains("prefix: /app", "token").doesNotContain(secret);
    }
    assertThat(running.admin("/config").status()).isEqualTo(401);
    assertThat(running.admin("/readyz").status()).isEqualTo(200);
  }

  @Test
  void explainsByTheTableInForce() throws Exception {
    String question =
        "/explain?request=" + URLEncoder.encode("GET http://a.example/new", StandardCharsets.UTF_8);
    assertThat(json(question).getInteger("status")).isEqualTo(404);
    running.reload(CONFIG.replace("/own", "/new"));
    assertThat(json(question).getInteger("status")).isEqualTo(204);
    assertThat(running.admin("/explain?request=nonsense").status()).isEqualTo(400);
  }

  @Test
  void reloadsWhenItIsAsked() {
    running.text(CONFIG.replace("status: 204", "status: 205"));
    assertThat(running.admin("/reload").status()).isEqualTo(405);
    Http.Answer answer = Http.send(running.gateway().adminPort(), "POST", "/reload", "localhost");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(new JsonObject(answer.content()).getString("result")).isEqualTo("applied");
    assertThat(running.get("/own").status()).isEqualTo(205);
    running.text("version: 3");
    answer = Http.send(running.gateway().adminPort(), "POST", "/reload", "localhost");
    assertThat(new JsonObject(answer.content()).getString("result")).isEqualTo("rejected");
  }

  @Test
  void takesNoNewConfigurationWhileItDrains() throws Exception {
    running.reload(CONFIG.replace("quiet-period: 100ms", "quiet-period: 1s"));
    Future<?> drained = running.gateway().drain();
    assertThat(running.reload(CONFIG.replace("204", "205")).version()).isEqualTo(2);
    assertThat(running.get("/own").status()).isEqualTo(204);
    Running.await(drained);
  }
}
