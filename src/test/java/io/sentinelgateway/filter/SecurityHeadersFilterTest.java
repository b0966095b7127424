package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static io.sentinelgateway.filter.FilterFixture.problems;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class SecurityHeadersFilterTest {

  private static final Handler ORIGIN =
      exchange -> {
        exchange.response().fields().set("X-Frame-Options", "SAMEORIGIN");
        return Future.succeededFuture(exchange.response());
      };

  private static Reply get(Vertx vertx, String scheme, String yaml) throws IOException {
    try (ExchangeServer server = new ExchangeServer(vertx, filter(yaml).over(ORIGIN))) {
      return server.scheme(scheme).get("/");
    }
  }

  @Test
  void addsTheFieldsAndKeepsWhatTheOriginSays(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "http", "{type: security-headers}");
    assertThat(reply.field("x-content-type-options")).isEqualTo("nosniff");
    assertThat(reply.field("x-frame-options")).isEqualTo("SAMEORIGIN");
    assertThat(reply.field("referrer-policy")).isEqualTo("strict-origin-when-cross-origin");
    assertThat(reply.fields("strict-transport-security")).isEmpty();
    assertThat(reply.fields("content-security-policy")).isEmpty();
  }

  @Test
  void replacesWhatTheOriginSaysWhenTold(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "http", "{type: security-headers, override: true}");
    assertThat(reply.field("x-frame-options")).isEqualTo("DENY");
  }

  @Test
  void sendsHstsOverTlsOnly(Vertx vertx) throws IOException {
    String yaml = "{type: security-headers, hsts: 180d, hsts-subdomains: true}";
    assertThat(get(vertx, "https", yaml).field("strict-transport-security"))
        .isEqualTo("max-age=15552000; includeSubDomains");
    assertThat(get(vertx, "http", yaml).fields("strict-transport-security")).isEmpty();
  }

  @Test
  void leavesOutWhatIsSwitchedOff(Vertx vertx) throws IOException {
    Reply reply =
        get(
            vertx,
            "http",
            "{type: security-headers, content-type-options: off, referrer-policy: off,"
                + " content-security-policy: \"default-src 'self'\", permissions-policy: camera=()}");
    assertThat(reply.fields("x-content-type-options")).isEmpty();
    assertThat(reply.fields("referrer-policy")).isEmpty();
    assertThat(reply.field("content-security-policy")).isEqualTo("default-src 'self'");
    assertThat(reply.field("permissions-policy")).isEqualTo("camera=()");
  }

  @Test
  void refusesSubdomainsWithoutHsts() {
    assertThat(problems("{type: security-headers, hsts-subdomains: true}")).hasSize(1);
  }
}
