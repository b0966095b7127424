package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an upstream has to say about connections that are passed through to it. */
class PassthroughUpstreamTest {

  private static final String LISTENER =
      "listeners: {web: {address: \"127.0.0.1:0\", protocol: tcp, tcp: {upstream: origin}}}\n";

  @TempDir Path folder;

  private GatewayFixture before(List<String> origins, String... settings) throws Exception {
    return GatewayFixture.start(folder, LISTENER + GatewayFixture.upstream(origins, settings));
  }

  private static Socket connect(GatewayFixture gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  @ParameterizedTest
  @CsvSource({"connections: {max: 1}, pool_full", "limits: {requests: 1}, request_limit"})
  void countsEachConnectionAsLongAsItLives(String limit, String reason) throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("x");
        GatewayFixture gateway = before(List.of(origin.address()), limit)) {
      try (Socket first = connect(gateway);
          Socket second = connect(gateway)) {
        assertThat(first.getInputStream().read()).isEqualTo('x');
        assertThat(second.getInputStream().read()).isEqualTo(-1);
        assertThat(gateway.accessLine().getString("reason")).isEqualTo(reason);
      }
      gateway.accessLog(2);
      try (Socket third = connect(gateway)) {
        assertThat(third.getInputStream().read()).isEqualTo('x');
      }
    }
  }

  @Test
  void tellsTheTargetWhoTheClientIs() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("");
        GatewayFixture gateway =
            before(List.of(origin.address()), "connections: {proxy-protocol: v1}");
        Socket client = connect(gateway)) {
      String header =
          "PROXY TCP4 127.0.0.1 127.0.0.1 " + client.getLocalPort() + " " + client.getPort();
      byte[] expected = (header + "\r\nhello").getBytes(US_ASCII);
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(expected.length)).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"round-robin", "least-requests", "power-of-two-choices", "peak-ewma", "random"})
  void spreadsConnectionsByItsBalancer(String balancer) throws Exception {
    int[] first = new int[1];
    try (ByteOrigin one = ByteOrigin.echo("1");
        ByteOrigin two = ByteOrigin.echo("2");
        GatewayFixture gateway =
            before(List.of(one.address(), two.address()), "balancer: {type: " + balancer + "}")) {
      for (int i = 0; i < 20; i++) {
        try (Socket client = connect(gateway)) {
          first[0] += client.getInputStream().read() == '1' ? 1 : 0;
        }
      }
      assertThat(first[0]).isBetween(1, 19);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"{type: ip-hash}", "{type: maglev, key: client-address}"})
  void keepsAClientWithItsTarget(String balancer) throws Exception {
    try (ByteOrigin one = ByteOrigin.echo("1");
        ByteOrigin two = ByteOrigin.echo("2");
        GatewayFixture gateway =
            before(List.of(one.address(), two.address()), "balancer: " + balancer)) {
      for (int i = 0; i < 6; i++) {
        try (Socket client = connect(gateway)) {
          assertThat(client.getInputStream().read()).isPositive();
        }
      }
      assertThat(List.of(one.connections(), two.connections())).containsExactlyInAnyOrder(0, 6);
    }
  }

  @Test
  void leavesATargetOutThatIsUnhealthy() throws Exception {
    String passive = "health: {passive: {consecutive-failures: 1, max-ejected: 100%}}";
    String dead;
    try (ByteOrigin dying = ByteOrigin.echo("y")) {
      dead = dying.address();
    }
    try (ByteOrigin alive = ByteOrigin.echo("x")) {
      List<String> both = List.of(dead, alive.address());
      try (GatewayFixture gateway = before(both, passive)) {
        for (int i = 0; i < 2; i++) {
          try (Socket client = connect(gateway)) {
            assertThat(client.getInputStream().read()).isEqualTo('x');
          }
        }
        Eventually.value(
            () -> gateway.target(0, 0).encode(), target -> !target.contains("\"healthy\""));
        String failures =
            "sentinel_upstream_attempts_total{outcome=\"failure\",upstream=\"origin\"}";
        double before = gateway.metric(failures);
        for (int i = 0; i < 4; i++) {
          try (Socket client = connect(gateway)) {
            assertThat(client.getInputStream().read()).isEqualTo('x');
          }
        }
        assertThat(gateway.metric(failures)).isEqualTo(before);
      }
    }
  }
}
