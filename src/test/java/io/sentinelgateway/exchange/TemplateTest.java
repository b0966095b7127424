package io.sentinelgateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class TemplateTest {

  private static String render(Vertx vertx, String template, Escape escape, String... fields)
      throws IOException {
    Template parsed = Template.parse(template);
    Handler rendering =
        e ->
            Future.succeededFuture(
                e.response().body(new Body.Bytes(Buffer.buffer(parsed.render(e, escape)))));
    try (ExchangeServer server = new ExchangeServer(vertx, rendering)) {
      server.peer("2001:db8::1").pathParameters(Map.of("id", "a%20b"));
      return server.get("/a/b?x=1&y=%20", fields).body();
    }
  }

  @Test
  void rendersWhatTheRequestSays(Vertx vertx) throws IOException {
    assertThat(render(vertx, "{method} {scheme} {host} {path} {query}", Escape.FIELD))
        .isEqualTo("GET http gateway.test /a/b x=1&y=%20");
    assertThat(render(vertx, "{request-id},{route},{upstream}.", Escape.FIELD))
        .isEqualTo("id-1,shop,.");
    assertThat(render(vertx, "{client-address} {peer-address}", Escape.FIELD))
        .isEqualTo("2001:db8:0:0:0:0:0:1 2001:db8:0:0:0:0:0:1");
    assertThat(render(vertx, "{header.X-Tenant}/{header.None}/", Escape.FIELD, "x-tenant: blue"))
        .isEqualTo("blue//");
    assertThat(render(vertx, "{path.id}", Escape.FIELD)).isEqualTo("a%20b");
  }

  @Test
  void bracketsAnIpv6Host(Vertx vertx) throws IOException {
    assertThat(render(vertx, "https://{host}/", Escape.URI, "Host: [::1]:80"))
        .isEqualTo("https://[::1]/");
  }

  @Test
  void takesDoubledAndHarmlessBracesAsText(Vertx vertx) throws IOException {
    assertThat(render(vertx, "{{path} {\"id\": 1} { x } }", Escape.FIELD))
        .isEqualTo("{path} {\"id\": 1} { x } }");
  }

  @Test
  void namesTheKnownPlaceholdersWhenOneIsUnknown() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.parse("{hots}"))
        .withMessageContaining("{hots}: no such placeholder")
        .withMessageContaining("request-id, client-address")
        .withMessageContaining("header.NAME");
    assertThatIllegalArgumentException().isThrownBy(() -> Template.parse("{header.}"));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Template.parse("a {path"))
        .withMessageContaining("closing brace");
  }

  @Test
  void givesConstantTextWithoutACopy() {
    Template constant = Template.parse("no {{braces}");
    assertThat(constant.constant()).isTrue();
    assertThat(constant.prefix()).isEqualTo("no {braces}");
  }

  @Test
  void isEqualByItsSource() {
    assertThat(Template.parse("a{path}"))
        .isEqualTo(Template.parse("a{path}"))
        .isNotEqualTo(Template.parse("b{path}"))
        .hasSameHashCodeAs(Template.parse("a{path}"))
        .hasToString("a{path}");
  }

  @Test
  void dropsEveryCharacterThatCouldEndAFieldLine() {
    assertThat(Escape.FIELD.apply("a\r\nSet-Cookie: b\0\tc\u007f")).isEqualTo("aSet-Cookie: b\tc");
  }

  @Test
  void keepsAValueInItsPlaceOfAUri(Vertx vertx) throws IOException {
    assertThat(Escape.URI.apply("../a?b#c%2f ü\r\n"))
        .isEqualTo("..%2Fa%3Fb%23c%252f%20%C3%BC%0D%0A");
    assertThat(render(vertx, "{path}?{query}&{path.id}", Escape.URI))
        .isEqualTo("/a/b?x=1&y=%20&a%20b");
  }

  @Test
  void keepsAValueInItsPlaceOfJsonAndHtml() {
    assertThat(Escape.JSON.apply("\"}\\\n")).isEqualTo("\\\"}\\\\");
    assertThat(Escape.HTML.apply("<a href='\"&\0")).isEqualTo("&#60;a href=&#39;&#34;&#38;");
  }

  @Test
  void givesASafeValueItself() {
    String value = new String("plain".toCharArray());
    for (Escape escape : Escape.values()) {
      assertThat(escape.apply(value)).isSameAs(value);
    }
  }
}
