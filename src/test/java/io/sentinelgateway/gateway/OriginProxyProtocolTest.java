package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Origin servers are told who the client is, in front of everything else on a connection. */
class OriginProxyProtocolTest {

  private static final String SIGNATURE = "\r\n\r\n\0\r\nQUIT\n";

  @TempDir private Path folder;

  private final List<String> headers = new CopyOnWriteArrayList<>();

  private GatewayFixture gateway(ScriptedOrigin origin, String version, String... more)
      throws Exception {
    String connections = "connections: {max: 2, proxy-protocol: " + version + "}";
    return GatewayFixture.start(
        folder,
        GatewayFixture.upstream(origin, connections, more.length == 0 ? "" : more[0])
            + "routes: {all: {forward: {upstream: origin}}}\n");
  }

  private void line(ScriptedOrigin.Peer peer) throws Exception {
    StringBuilder line = new StringBuilder();
    while (!line.toString().endsWith("\r\n")) {
      line.append(peer.text(1));
    }
    headers.add(line.toString());
    peer.echo();
  }

  private static int port(String header) {
    return Integer.parseInt(header.split(" ")[4]);
  }

  @Test
  void tellsEachClientOnItsOwnConnectionsAndUsesTheseAgain() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(this::line);
        GatewayFixture gateway = gateway(origin, "v1");
        RawClient one = gateway.client();
        RawClient other = gateway.client()) {
      for (int i = 0; i < 3; i++) {
        assertThat(one.get("/one").body()).isEqualTo("/one");
        assertThat(other.get("/other").body()).isEqualTo("/other");
      }
      assertThat(headers)
          .hasSize(2)
          .allMatch(
              header ->
                  header.matches(
                      "PROXY TCP4 127\\.0\\.0\\.1 127\\.0\\.0\\.1 [0-9]+ "
                          + gateway.port()
                          + "\r\n"));
      assertThat(port(headers.get(0))).isNotEqualTo(port(headers.get(1)));
      assertThat(origin.connections()).isEqualTo(2);
    }
  }

  @Test
  void aClientThatNeedsAPlaceGetsThatOfAnotherOnesIdleConnection() throws Exception {
    try (ScriptedOrigin origin = ScriptedOrigin.start(this::line);
        GatewayFixture gateway = gateway(origin, "v1")) {
      for (int i = 0; i < 6; i++) {
        assertThat(gateway.get("/" + i).body()).isEqualTo("/" + i);
      }
      assertThat(headers).hasSize(6).doesNotHaveDuplicates();
    }
  }

  @Test
  void speaksTheBinaryVersion() throws Exception {
    ScriptedOrigin.Script script =
        peer -> {
          headers.add(peer.text(28));
          peer.echo();
        };
    try (ScriptedOrigin origin = ScriptedOrigin.start(script);
        GatewayFixture gateway = gateway(origin, "v2")) {
      assertThat(gateway.get("/a").body()).isEqualTo("/a");
      String header = headers.get(0);
      assertThat(header).startsWith(SIGNATURE + "!\u0011\0\f\u007f\0\0\1\u007f\0\0\1");
      byte[] bytes = header.getBytes(ISO_8859_1);
      assertThat((bytes[26] & 0xff) << 8 | (bytes[27] & 0xff)).isEqualTo(gateway.port());
    }
  }

  /** The header is not part of TLS: it goes first. */
  @Test
  void speaksInFrontOfTls() throws Exception {
    TlsOrigin.certificate(folder, "good", "127.0.0.1");
    try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                GatewayFixture.upstream(
                        "127.0.0.1:" + server.getLocalPort(),
                        "connections: {proxy-protocol: v1}",
                        "tls: {trust: " + folder.resolve("good.crt") + "}")
                    + "routes: {all: {forward: {upstream: origin}}}\n");
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      try (Socket plain = server.accept()) {
        InputStream in = plain.getInputStream();
        StringBuilder line = new StringBuilder();
        while (!line.toString().endsWith("\r\n")) {
          line.append((char) in.read());
        }
        assertThat(line.toString()).startsWith("PROXY TCP4 127.0.0.1 127.0.0.1 ");
        SSLSocketFactory tls = TlsOrigin.context(folder, "good").getSocketFactory();
        try (SSLSocket secure = (SSLSocket) tls.createSocket(plain, null, -1, true)) {
          secure.setUseClientMode(false);
          assertThat(secure.getInputStream().readNBytes(5)).asString().isEqualTo("GET /");
          secure.getOutputStream().write(ScriptedOrigin.sized("ok").getBytes(ISO_8859_1));
          assertThat(client.answer().body()).isEqualTo("ok");
        }
      }
    }
  }
}
