package io.sentinelgateway.handler;

import static io.sentinelgateway.handler.HandlerFixture.handler;
import static io.sentinelgateway.handler.HandlerFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RespondHandlerTest {

  private static Reply get(Vertx vertx, Handler handler, String... fields) throws IOException {
    try (ExchangeServer server = new ExchangeServer(vertx, handler)) {
      return server.get("/a", fields);
    }
  }

  private static Reply get(Vertx vertx, String yaml, String... fields) throws IOException {
    return get(vertx, handler(vertx, "respond: {" + yaml + "}"), fields);
  }

  @Test
  void answersWithStatusFieldsAndText(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "status: 503, body: 'gone {path}', headers: {X-Id: '{request-id}'}");
    assertThat(reply.status()).isEqualTo(503);
    assertThat(reply.field("content-type")).isEqualTo("text/plain; charset=utf-8");
    assertThat(reply.field("x-id")).isEqualTo("id-1");
    assertThat(reply.body()).isEqualTo("gone /a");
  }

  @Test
  void answersAgainAndAgainWithAFixedText(Vertx vertx) throws IOException {
    Handler handler = handler(vertx, "respond: {body: fixed}");
    for (int i = 0; i < 3; i++) {
      assertThat(get(vertx, handler).body()).isEqualTo("fixed");
    }
  }

  @Test
  void answersWithoutContent(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "status: 204");
    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.body()).isEmpty();
    assertThat(reply.fields("content-type")).isEmpty();
  }

  @Test
  void escapesValuesForJsonAndHtml(Vertx vertx) throws IOException {
    String json = "content-type: application/json, body: '{\"ua\":\"{header.X-T}\"}'";
    assertThat(get(vertx, json, "X-T: \"}<").body()).isEqualTo("{\"ua\":\"\\\"}<\"}");
    String html = "content-type: text/html, body: '<p>{header.X-T}</p>'";
    assertThat(get(vertx, html, "X-T: <script>").body()).isEqualTo("<p>&#60;script&#62;</p>");
  }

  @Test
  void saysWhatTheGatewayKnowsOfItself(Vertx vertx) throws IOException {
    assertThat(get(vertx, "builtin: health").body()).isEqualTo("ok\n");
    assertThat(get(vertx, "builtin: ready").status()).isEqualTo(200);
    assertThat(new JsonObject(get(vertx, "builtin: status").body()).getString("config"))
        .isEqualTo("4f2a91c");
    Reply version = get(vertx, "builtin: version");
    assertThat(new JsonObject(version.body()).getString("version")).isEqualTo("1.2.3");
    assertThat(version.field("cache-control")).isEqualTo("no-store");
    assertThat(get(vertx, "builtin: not-found").status()).isEqualTo(404);
  }

  @Test
  void saysThatItIsNotReady(Vertx vertx) throws IOException {
    Handler handler = handler(vertx, "respond: {builtin: ready}", new HandlerFixture.Status(false));
    assertThat(get(vertx, handler).status()).isEqualTo(503);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "status: 100",
        "status: 204, body: x",
        "status: 304, body: x",
        "builtin: health, body: x",
        "builtin: health, status: 201",
        "content-type: text",
        "headers: {Content-Length: '1'}",
        "body: '{nope}'"
      })
  void refusesWhatCannotWork(String yaml) {
    assertThat(problems("respond: {" + yaml + "}")).hasSize(1);
  }
}
