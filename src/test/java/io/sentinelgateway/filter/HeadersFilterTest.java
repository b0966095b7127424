package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static io.sentinelgateway.filter.FilterFixture.problems;
import static io.sentinelgateway.filter.FilterFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class HeadersFilterTest {

  private static Reply get(Vertx vertx, String yaml, String... fields) throws IOException {
    try (ExchangeServer server = new ExchangeServer(vertx, filter(yaml).over(new Echo()))) {
      return server.get("/a", fields);
    }
  }

  @Test
  void changesTheRequest(Vertx vertx) throws IOException {
    String yaml =
        """
        {type: headers, request: {
          set: {X-Path: "{method} {path}"}, add: {X-Hop: edge}, remove: [X-Debug]}}\
        """;
    Reply reply = get(vertx, yaml, "X-Path: forged", "X-Hop: cdn", "X-Debug: 1");
    assertThat(reply.forwarded("x-path")).containsExactly("GET /a");
    assertThat(reply.forwarded("x-hop")).containsExactly("cdn", "edge");
    assertThat(reply.forwarded("x-debug")).isEmpty();
  }

  @Test
  void changesTheAnswer(Vertx vertx) throws IOException {
    String yaml =
        """
        {type: headers, response: {
          set: {X-Id: "{request-id}"}, add: {Vary: Origin}, remove: [Content-Type]}}\
        """;
    Reply reply = get(vertx, yaml);
    assertThat(reply.field("x-id")).isEqualTo("id-1");
    assertThat(reply.field("vary")).isEqualTo("Origin");
    assertThat(reply.fields("content-type")).isEmpty();
  }

  @Test
  void changesErrorAnswersToo(Vertx vertx) throws IOException {
    Handler failing =
        e -> Future.failedFuture(ProxyError.of(ProxyError.Cause.NOT_FOUND, "").toException());
    Handler pipeline = filter("{type: headers, response: {set: {X-Id: a}}}").over(failing);
    try (ExchangeServer server = new ExchangeServer(vertx, pipeline)) {
      Reply reply = server.get("/");
      assertThat(reply.status()).isEqualTo(404);
      assertThat(reply.field("x-id")).isEqualTo("a");
    }
  }

  @Test
  void sendsSecretsFromFilesAndNeverPrintsThem(Vertx vertx, @TempDir Path folder)
      throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "s3cret {path}\n");
    String yaml = "{type: headers, request: {set: {X-Key: \"file:%s\"}}}".formatted(file);
    assertThat(get(vertx, yaml).forwarded("x-key")).containsExactly("s3cret {path}");
    assertThat(settings(yaml).toString()).contains("*****").doesNotContain("s3cret");
  }

  @Test
  void refusesAFileThatWouldMakeTwoLines(@TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "a\r\nX-Admin: 1");
    assertThat(problems("{type: headers, request: {set: {X-Key: \"file:%s\"}}}".formatted(file)))
        .singleElement()
        .asString()
        .contains("one line");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Connection",
        "keep-alive",
        "Upgrade",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "content-length",
        "Host",
        "\"X Y\"",
        "\"X:Y\""
      })
  void refusesFieldsOfTheConnectionAndOfFraming(String name) {
    assertThat(problems("{type: headers, request: {set: {%s: a}}}".formatted(name))).hasSize(1);
    assertThat(problems("{type: headers, response: {remove: [%s]}}".formatted(name))).hasSize(1);
  }

  @Test
  void saysWhatToUseInPlaceOfHost() {
    assertThat(problems("{type: headers, request: {set: {Host: a}}}"))
        .containsExactly(
            "request.set.Host: Host: names the origin server (expected: forward.host of the route)");
  }

  @Test
  void refusesAValueWithALineEnd() {
    assertThat(problems("{type: headers, request: {set: {X-A: \"a\\nb\"}}}")).hasSize(1);
    assertThat(problems("{type: headers, request: {set: {X-A: \"{nope}\"}}}")).hasSize(1);
  }

  @Test
  void refusesToChangeNothing() {
    assertThat(problems("{type: headers}")).hasSize(1);
  }
}
