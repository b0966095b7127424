package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.tls.TestCertificates;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that a balancer in front announces by the PROXY protocol. */
class ProxyProtocolTest {

  private static final String SIGNATURE = "0d0a0d0a000d0a515549540a";
  private static final String FROM_HERE = "proxy-protocol: {from: [127.0.0.0/8]}";

  @TempDir Path folder;

  @Test
  void takesTheAddressOfTheFirstVersionForTheClients() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      client.send("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n");

      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(origin.requests()).allMatch(r -> RawClient.lower(r).contains("for: 192.0.2.7"));
      assertThat(gateway.accessLog(2))
          .allMatch(line -> line.getString("client").startsWith("192.0.2.7"));
    }
  }

  @Test
  void takesTheAddressOfTheSecondVersionAndSkipsWhatFollowsIt() throws Exception {
    String tlvs = "01000268322000" + "0502000000" + "00";
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      client.send(
          binary(
              "21",
              "21",
              "20010db8" + "00".repeat(11) + "09" + "00".repeat(16) + "dc0401bb" + tlvs));

      assertThat(client.get("/").body()).isEqualTo("ok");
      assertThat(RawClient.lower(origin.request())).contains("for: 2001:db8:0:0:0:0:0:9");
    }
  }

  @Test
  void believesWhatTheAnnouncedPeerSaysOnlyIfItIsTrusted() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      client.send("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n");
      client.get("/", "X-Forwarded-For: 198.51.100.1");

      assertThat(origin.request()).doesNotContain("198.51.100.1").contains("192.0.2.7");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"PROXY UNKNOWN\r\n", "PROXY UNKNOWN ffff::1 ::2 1 2\r\n"})
  void servesAConnectionThatNamesNobodyAsTheBalancersOwn(String header) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      assertThat(client.send(header).get("/").body()).isEqualTo("ok");
      assertThat(gateway.accessLine().getString("client")).startsWith("127.0.0.1");
    }
  }

  @Test
  void servesTheBalancersOwnChecks() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      client.send(binary("20", "00", ""));
      assertThat(client.get("/").body()).isEqualTo("ok");
    }
  }

  @Test
  void readsAHeaderThatComesByteByByteWithTheRequestBehindIt() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      String all = "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n" + RawClient.request("GET", "/");
      for (byte each : all.getBytes(US_ASCII)) {
        client.send(new byte[] {each});
      }
      assertThat(client.answer().body()).isEqualTo("ok");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 56324\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\n",
        "PROXY TCP4 192.0.2.700 192.0.2.1 1 2\r\n",
        "PROXY TCP4 ::1 ::1 1 2\r\n",
        "PROXY TCP6 192.0.2.7 192.0.2.7 1 2\r\n",
        "PROXY TCP4 a.example 192.0.2.1 1 2\r\n",
        "PROXY TCP4 192.0.2.7 192.0.2.1 65536 2\r\n",
        "PROXY UDP4 192.0.2.7 192.0.2.1 1 2\r\n",
      })
  void closesWithoutAHeaderAndCountsIt(String sent) throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.ok("ok");
        GatewayFixture gateway = gateway(origin, FROM_HERE);
        RawClient client = gateway.client()) {
      client.send(sent);

      assertThat(client.closed()).isTrue();
      assertThat(refused(gateway, "proxy_header")).isEqualTo(1);
      assertThat(origin.connections()).isZero();
    }
  }

  @Test
  void closesBehindALineThatDoesNotEnd() throws Exception {
    try (GatewayFixture gateway = gateway(FROM_HERE);
        RawClient client = gateway.client()) {
      client.send("PROXY TCP4 " + "1".repeat(200));

      assertThat(client.closed()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"2111000400000000", "2211000c", "1111000c", "2111ffff", "2112000c"})
  void closesBehindABadHeaderOfTheSecondVersion(String rest) throws Exception {
    try (GatewayFixture gateway = gateway(FROM_HERE);
        RawClient client = gateway.client()) {
      client.send(HexFormat.of().parseHex(SIGNATURE + rest));

      assertThat(client.closed()).isTrue();
      assertThat(refused(gateway, "proxy_header")).isEqualTo(1);
    }
  }

  @Test
  void closesWhenTheHeaderDoesNotComeInTime() throws Exception {
    try (GatewayFixture gateway = gateway(FROM_HERE + ", timeouts: {handshake: 200ms}");
        RawClient client = gateway.client()) {
      client.send("PROXY TCP4 ");

      assertThat(client.closed()).isTrue();
      assertThat(refused(gateway, "proxy_header_timeout")).isEqualTo(1);
    }
  }

  @Test
  void refusesConnectionsFromElsewhere() throws Exception {
    try (GatewayFixture gateway = gateway("proxy-protocol: {from: [192.0.2.0/24]}");
        RawClient client = gateway.client()) {
      assertThat(client.closed()).isTrue();
      assertThat(refused(gateway, "source")).isEqualTo(1);
    }
  }

  @Test
  void servesConnectionsFromElsewhereWithoutAHeaderWhereThatIsAllowed() throws Exception {
    try (GatewayFixture gateway =
            gateway("proxy-protocol: {from: [192.0.2.0/24], required: false}");
        RawClient client = gateway.client();
        RawClient pretender = gateway.client()) {
      assertThat(client.get("/").body()).isEqualTo("ok");

      pretender.send("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\n");
      assertThat(pretender.answer().status()).isEqualTo(400);
    }
  }

  @Test
  void speaksTlsBehindTheHeader() throws Exception {
    TestCertificates.write(folder, "a", Instant.now().minusSeconds(60), "a.example");
    String tls =
        "tls: {certificates: [{cert: \"%1$s/a.crt\", key: \"%1$s/a.key\"}]}, ".formatted(folder);
    SSLContext trusting = SSLContext.getInstance("TLS");
    trusting.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    try (GatewayFixture gateway = gateway(tls + FROM_HERE);
        Socket plain = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      plain.getOutputStream().write("PROXY TCP4 192.0.2.7 192.0.2.1 1 2\r\n".getBytes(US_ASCII));
      try (Socket secure =
          trusting.getSocketFactory().createSocket(plain, "a.example", gateway.port(), true)) {
        String request = RawClient.request("GET", "/", "Connection: close");
        secure.getOutputStream().write(request.getBytes(US_ASCII));
        assertThat(new String(secure.getInputStream().readAllBytes(), US_ASCII)).endsWith("ok");
      }
      assertThat(gateway.accessLine().getString("client")).startsWith("192.0.2.7");
    }
  }

  private static byte[] binary(String command, String family, String rest) {
    String length = HexFormat.of().toHexDigits((short) (rest.length() / 2));
    return HexFormat.of().parseHex(SIGNATURE + command + family + length + rest);
  }

  private static double refused(GatewayFixture gateway, String reason) throws Exception {
    return gateway.metric(
        "sentinel_connections_refused_total{listener=\"web\",reason=\"" + reason + "\"}");
  }

  private GatewayFixture gateway(ScriptedOrigin origin, String settings) throws Exception {
    return GatewayFixture.start(
        folder,
        "listeners: {web: {address: \"127.0.0.1:0\", "
            + settings
            + "}}\n"
            + GatewayFixture.upstream(origin)
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  private GatewayFixture gateway(String settings) throws Exception {
    return GatewayFixture.start(
        folder,
        "listeners: {web: {address: \"127.0.0.1:0\", "
            + settings
            + "}}\n"
            + "routes: {all: {respond: {body: ok}}}\n");
  }
}
