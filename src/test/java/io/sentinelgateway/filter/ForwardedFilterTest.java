package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static io.sentinelgateway.filter.FilterFixture.settings;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class ForwardedFilterTest {

  private static ExchangeServer server(Vertx vertx, String yaml) throws IOException {
    return new ExchangeServer(vertx, filter(yaml).over(new Echo())).peer("192.0.2.7");
  }

  @Test
  void tellsTheOriginWhoAsked(Vertx vertx) throws IOException {
    try (ExchangeServer server = server(vertx, "{type: forwarded}")) {
      Reply reply = server.get("/");
      assertThat(reply.forwarded("x-forwarded-for")).containsExactly("192.0.2.7");
      assertThat(reply.forwarded("x-forwarded-proto")).containsExactly("http");
      assertThat(reply.forwarded("x-forwarded-host")).containsExactly("gateway.test:8080");
      assertThat(reply.forwarded("x-forwarded-port")).containsExactly("8080");
      assertThat(reply.forwarded("via")).containsExactly("1.1 edge");
      assertThat(reply.forwarded("forwarded")).isEmpty();
    }
  }

  @Test
  void takesForgedClaimsAwayFromAnUntrustedPeer(Vertx vertx) throws IOException {
    String nothing = "{type: forwarded, x-forwarded: false, forwarded: false, via: false}";
    try (ExchangeServer server = server(vertx, nothing)) {
      Reply reply =
          server.get(
              "/",
              "X-Forwarded-For: 10.0.0.1",
              "x-forwarded-for: 10.0.0.2",
              "X-Forwarded-User: root",
              "X_Forwarded_For: 10.0.0.3",
              "X-FORWARDED-PROTO: https",
              "Forwarded: for=10.0.0.4",
              "X-Real-IP: 10.0.0.5",
              "X_Real-Ip: 10.0.0.6",
              "X-Real-IPs: kept",
              "X-Forward: kept");
      assertThat(reply.body())
          .doesNotContain("10.0.0.")
          .doesNotContainIgnoringCase("forwarded-")
          .doesNotContain("root");
      assertThat(reply.forwarded("x-real-ips")).containsExactly("kept");
      assertThat(reply.forwarded("x-forward")).containsExactly("kept");
    }
  }

  @Test
  void appendsToTheListsOfATrustedPeer(Vertx vertx) throws IOException {
    try (ExchangeServer server = server(vertx, "{type: forwarded, forwarded: true}").trusted()) {
      Reply reply =
          server.get(
              "/",
              "X-Forwarded-For: 203.0.113.9",
              "X-Forwarded-For: 10.0.0.2",
              "X-Forwarded-Proto: https",
              "X-Forwarded-Host: shop.example",
              "Forwarded: for=203.0.113.9",
              "X-Real-IP: 203.0.113.9",
              "Via: 1.1 cdn");
      assertThat(reply.forwarded("x-forwarded-for"))
          .containsExactly("203.0.113.9, 10.0.0.2, 192.0.2.7");
      assertThat(reply.forwarded("x-forwarded-proto")).containsExactly("https");
      assertThat(reply.forwarded("x-forwarded-host")).containsExactly("shop.example");
      assertThat(reply.forwarded("forwarded"))
          .containsExactly("for=203.0.113.9, for=192.0.2.7;host=\"gateway.test:8080\";proto=http");
      assertThat(reply.forwarded("x-real-ip")).containsExactly("203.0.113.9");
      assertThat(reply.forwarded("via")).containsExactly("1.1 cdn, 1.1 edge");
    }
  }

  @Test
  void quotesIpv6InForwardedButNotInTheOldField(Vertx vertx) throws IOException {
    try (ExchangeServer server =
        server(vertx, "{type: forwarded, forwarded: true}").peer("2001:db8::1").scheme("https")) {
      Reply reply = server.get("/", "Host: [2001:db8::2]");
      assertThat(reply.forwarded("forwarded"))
          .containsExactly("for=\"[2001:db8:0:0:0:0:0:1]\";host=\"[2001:db8::2]\";proto=https");
      assertThat(reply.forwarded("x-forwarded-for")).containsExactly("2001:db8:0:0:0:0:0:1");
      assertThat(reply.forwarded("x-forwarded-host")).containsExactly("[2001:db8::2]");
      assertThat(reply.forwarded("x-forwarded-port")).containsExactly("443");
    }
  }

  @Test
  void standardSettingsAreTheDefaults() {
    assertThat(settings("{type: forwarded}")).isEqualTo(ForwardedFilter.Settings.standard());
  }
}
