package io.sentinelgateway.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.NetUtil;
import io.vertx.core.MultiMap;
import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

  private static InetAddress ip(String literal) {
    return NetUtil.createInetAddressFromIpAddressString(literal);
  }

  private static String believed(String peer, MultiMap fields) {
    return NetUtil.toAddressString(
        ClientAddress.believed(
            ip(peer), fields, address -> address.getHostAddress().startsWith("10.")));
  }

  private static MultiMap fields() {
    return MultiMap.caseInsensitiveMultiMap();
  }

  @Test
  void believesNothingThatAStrangerSays() {
    MultiMap fields = fields().add("X-Forwarded-For", "192.0.2.7").add("Forwarded", "for=10.1.1.1");
    assertThat(believed("203.0.113.5", fields)).isEqualTo("203.0.113.5");
  }

  @Test
  void believesThePeerWhenNothingIsSaid() {
    assertThat(believed("10.0.0.1", fields())).isEqualTo("10.0.0.1");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "192.0.2.7 | 192.0.2.7",
        "1.1.1.1, 192.0.2.7 | 192.0.2.7",
        "1.1.1.1, 192.0.2.7, 10.0.0.9 | 192.0.2.7",
        "10.0.0.8, 10.0.0.9 | 10.0.0.8",
        "192.0.2.7:4711 | 192.0.2.7",
        "2001:db8::1 | 2001:db8::1",
        "[2001:db8::1]:443 | 2001:db8::1",
        "192.0.2.7, unknown | 10.0.0.1",
        "192.0.2.7, 10.0.0.9, shop.example | 10.0.0.1",
        "192.0.2.7, _hidden, 10.0.0.9 | 10.0.0.9",
        "192.0.2.7, | 10.0.0.1",
        "192.0.2.7, fe80::1%eth0 | 10.0.0.1",
        "::ffff:192.0.2.7 | 192.0.2.7",
        "999.1.1.1 | 10.0.0.1",
        "1 | 10.0.0.1",
      })
  void readsXForwardedForFromTheRight(String list, String client) {
    assertThat(believed("10.0.0.1", fields().add("X-Forwarded-For", list))).isEqualTo(client);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "for=192.0.2.7 | 192.0.2.7",
        "For=\"192.0.2.7:80\";proto=https | 192.0.2.7",
        "proto=http;by=10.0.0.1; for=\"[2001:db8::1]:4711\" | 2001:db8::1",
        "for=1.1.1.1, for=192.0.2.7, for=10.0.0.9 | 192.0.2.7",
        "for=_secret | 10.0.0.1",
        "for=unknown | 10.0.0.1",
        "proto=https | 10.0.0.1",
        "for=\" | 10.0.0.1",
        "for=[ | 10.0.0.1",
      })
  void readsForwardedFromTheRight(String list, String client) {
    assertThat(believed("10.0.0.1", fields().add("Forwarded", list))).isEqualTo(client);
  }

  @Test
  void joinsLinesInOrder() {
    MultiMap fields =
        fields().add("X-Forwarded-For", "192.0.2.7").add("X-Forwarded-For", "10.0.0.9");
    assertThat(believed("10.0.0.1", fields)).isEqualTo("192.0.2.7");
  }

  @Test
  void prefersXForwardedFor() {
    MultiMap fields =
        fields().add("X-Forwarded-For", "192.0.2.7").add("Forwarded", "for=192.0.2.8");
    assertThat(believed("10.0.0.1", fields)).isEqualTo("192.0.2.7");
  }

  @Test
  void boundsTheWalk() {
    String hops = "192.0.2.7" + ", 10.0.0.2".repeat(100);
    assertThat(believed("10.0.0.1", fields().add("X-Forwarded-For", hops))).isEqualTo("10.0.0.2");
  }

  @Test
  void readsTheSchemeThatTheNearestProxySays() {
    assertThat(ClientAddress.scheme(fields())).isEmpty();
    assertThat(ClientAddress.scheme(fields().add("X-Forwarded-Proto", "HTTPS"))).contains("https");
    assertThat(ClientAddress.scheme(fields().add("X-Forwarded-Proto", "http, https")))
        .contains("https");
    assertThat(ClientAddress.scheme(fields().add("X-Forwarded-Proto", "gopher"))).isEmpty();
    assertThat(ClientAddress.scheme(fields().add("Forwarded", "for=1.1.1.1;proto=http")))
        .contains("http");
  }
}
