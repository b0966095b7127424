package io.sentinelgateway.handler;

import static io.sentinelgateway.handler.HandlerFixture.handler;
import static io.sentinelgateway.handler.HandlerFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RedirectHandlerTest {

  private static Reply get(Vertx vertx, String yaml, String target, String... fields)
      throws IOException {
    String typed = "redirect: {" + yaml + "}";
    try (ExchangeServer server = new ExchangeServer(vertx, handler(vertx, typed))) {
      return server.get(target, fields);
    }
  }

  private static String location(Vertx vertx, String yaml, String target, String... fields)
      throws IOException {
    return get(vertx, yaml, target, fields).field("location");
  }

  @Test
  void redirectsAndKeepsTheQuery(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "to: '/new{path}'", "/a?b=%20");
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.field("location")).isEqualTo("/new/a?b=%20");
    assertThat(reply.body()).isEmpty();
    assertThat(get(vertx, "to: /x, status: 302, keep-query: false", "/a?b").field("location"))
        .isEqualTo("/x");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example{path},https://a.example/a?b",
    "https://{host}{path},https://gateway.test/a?b",
    "https://a.example/?u={path},https://a.example/?u=/a",
    "https://a.example:8443,https://a.example:8443?b"
  })
  void redirectsToAnotherHost(String to, String location, Vertx vertx) throws IOException {
    assertThat(location(vertx, "to: '" + to + "'", "/a?b")).isEqualTo(location);
  }

  @ParameterizedTest
  @ValueSource(strings = {"//evil.example/x", "///evil.example/x", "/%5Cevil.example/x"})
  void takesNoPathForAHost(String target, Vertx vertx) throws IOException {
    assertThat(location(vertx, "to: '{path}'", target)).doesNotStartWith("//").startsWith("/");
    assertThat(location(vertx, "to: '/{header.X-T}'", "/", "X-T: /evil.example"))
        .isEqualTo("/%2Fevil.example");
    assertThat(location(vertx, "to: '/{header.X-T}'", "/", "X-T: \\evil.example"))
        .isEqualTo("/%5Cevil.example");
  }

  @Test
  void letsNoValueMakeANewFieldLine(Vertx vertx) throws IOException {
    assertThat(location(vertx, "to: '/{header.X-T}'", "/", "X-T: a b\tc?d#e"))
        .isEqualTo("/a%20b%09c%3Fd%23e");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "to: x",
        "to: 'ftp://a/'",
        "to: 'https://'",
        "to: 'https://{header.X}/'",
        "to: 'https://a.example{header.X}'",
        "to: 'https://a@{host}/'",
        "to: '{header.X}'",
        "to: /x, status: 200"
      })
  void refusesWhatCannotWorkOrCouldBeSteered(String yaml) {
    assertThat(problems("redirect: {" + yaml + "}")).hasSize(1);
  }
}
