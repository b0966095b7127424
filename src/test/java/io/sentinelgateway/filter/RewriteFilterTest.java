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
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(VertxExtension.class)
class RewriteFilterTest {

  private static Reply get(Vertx vertx, String yaml, String target, String... fields)
      throws IOException {
    String typed = "{type: rewrite, " + yaml + "}";
    try (ExchangeServer server = new ExchangeServer(vertx, filter(typed).over(new Echo()))) {
      return server.pathParameters(Map.of("id", "a%2Fb")).get(target, fields);
    }
  }

  private static String target(Vertx vertx, String yaml, String target, String... fields)
      throws IOException {
    return get(vertx, yaml, target, fields).forwardedLine().substring("GET ".length());
  }

  @ParameterizedTest
  @CsvSource({"/api,/", "/api/,/", "/api/1?x,/1?x", "/apis,/apis", "/a,/a", "/api//x,//x"})
  void stripsAPrefixByWholeSegments(String from, String to, Vertx vertx) throws IOException {
    assertThat(target(vertx, "strip-prefix: /api", from)).isEqualTo(to);
  }

  @Test
  void stripsThenReplacesThenAdds(Vertx vertx) throws IOException {
    String yaml =
        "strip-prefix: /api, regex: {pattern: '^/(\\w+)/(?P<n>\\d+)', replacement: '/$${n}/$1'},"
            + " add-prefix: /v2";
    assertThat(target(vertx, yaml, "/api/users/7/x?y=%20")).isEqualTo("/v2/7/users/x?y=%20");
    assertThat(target(vertx, yaml, "/api")).isEqualTo("/v2");
  }

  @Test
  void buildsAPathFromATemplate(Vertx vertx) throws IOException {
    assertThat(target(vertx, "path: '/u/{path.id}/{header.X-T}'", "/a", "X-T: b c?d/e%"))
        .isEqualTo("/u/a%2Fb/b%20c%3Fd%2Fe%25");
    assertThat(target(vertx, "path: '{path}/x'", "/a")).isEqualTo("/a/x");
  }

  @Test
  void keepsAValueInItsPlace(Vertx vertx) throws IOException {
    String yaml = "path: '/u/{header.X-T}/x'";
    assertThat(get(vertx, yaml, "/a", "X-T: ..").status()).isEqualTo(400);
    assertThat(get(vertx, yaml, "/a", "X-T: ../..").status()).isEqualTo(400);
    assertThat(target(vertx, yaml, "/a", "X-T: ..%2f")).isEqualTo("/u/..%252f/x");
    assertThat(get(vertx, "path: '/u/{header.X-T}'", "/a", "X-T: ..").status()).isEqualTo(400);
  }

  @Test
  void refusesAResultThatIsNoPath(Vertx vertx) throws IOException {
    assertThat(get(vertx, "regex: {pattern: ^/x, replacement: ''}", "/x").status()).isEqualTo(400);
  }

  @Test
  void setsAndRemovesParametersAndKeepsTheRest(Vertx vertx) throws IOException {
    String yaml = "query: {set: {who: 'a&b {method}'}, remove: [debug]}";
    assertThat(target(vertx, yaml, "/a?b=1&debug&%64ebug=2&b=+%zz&who=x&"))
        .isEqualTo("/a?b=1&b=+%zz&who=a%26b%20GET");
    assertThat(target(vertx, "query: {remove: [debug]}", "/a?debug=1")).isEqualTo("/a");
    assertThat(target(vertx, "query: {set: {v: '2'}}", "/a")).isEqualTo("/a?v=2");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "strip-prefix: api",
        "strip-prefix: /",
        "strip-prefix: /a/../b",
        "add-prefix: '/a b'",
        "regex: {pattern: '(', replacement: x}",
        "regex: {pattern: '(a)', replacement: '$2'}",
        "regex: {pattern: '(a)', replacement: '$${b}'}",
        "path: 'users/{path.id}'",
        "path: '{header.X}'",
        "path: /a, strip-prefix: /b"
      })
  void refusesWhatCannotWork(String yaml) {
    assertThat(problems("{type: rewrite, " + yaml + "}")).hasSize(1);
  }
}
