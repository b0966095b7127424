package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static io.sentinelgateway.filter.FilterFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RedirectFilterTest {

  private static Reply get(Vertx vertx, String yaml, String scheme, String target, String... fields)
      throws IOException {
    String typed = "{type: redirect, " + yaml + "}";
    try (ExchangeServer server = new ExchangeServer(vertx, filter(typed).over(new Echo()))) {
      return server.scheme(scheme).get(target, fields);
    }
  }

  @Test
  void sendsPlainTextToTlsAndLetsTlsPass(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "scheme: https", "http", "/a?b=%20");
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.field("location")).isEqualTo("https://gateway.test/a?b=%20");
    assertThat(get(vertx, "scheme: https", "https", "/a").status()).isEqualTo(200);
  }

  @Test
  void sendsToTheCanonicalHost(Vertx vertx) throws IOException {
    String yaml = "host: www.example.com, status: 301, keep-query: false";
    Reply reply = get(vertx, yaml, "http", "/a?b", "Host: example.com");
    assertThat(reply.status()).isEqualTo(301);
    assertThat(reply.field("location")).isEqualTo("http://www.example.com/a");
    assertThat(get(vertx, yaml, "http", "/a", "Host: www.example.com").status()).isEqualTo(200);
  }

  @Test
  void sendsToTheRightPort(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "scheme: https, port: 8443", "http", "/", "Host: [::1]:8080");
    assertThat(reply.field("location")).isEqualTo("https://[::1]:8443/");
    assertThat(get(vertx, "port: 80", "http", "/", "Host: a").status()).isEqualTo(200);
  }

  @Test
  void movesPathsAndKeepsThePort(Vertx vertx) throws IOException {
    assertThat(get(vertx, "path: '/v2{path}'", "http", "/a").field("location"))
        .isEqualTo("http://gateway.test:8080/v2/a");
  }

  @Test
  void takesNoPathForAHost(Vertx vertx) throws IOException {
    assertThat(get(vertx, "scheme: https", "http", "//evil.example/").field("location"))
        .isEqualTo("https://gateway.test//evil.example/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "status: 302",
        "scheme: https, status: 200",
        "host: 'a.example/x'",
        "host: 'evil@a'",
        "path: 'x'",
        "port: 0"
      })
  void refusesWhatCannotWork(String yaml) {
    assertThat(problems("{type: redirect, " + yaml + "}")).hasSize(1);
  }
}
