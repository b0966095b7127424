package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import io.sentinelgateway.tls.TestCertificates;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections that go where the name says that their client asks for by TLS. */
class ServerNameTest {

  private static final String NO_DEFAULT = "";
  private static final String DEFAULT = "upstream: rest, ";

  @TempDir Path folder;

  private GatewayFixture between(String preset, ByteOrigin shop, ByteOrigin api, ByteOrigin rest)
      throws Exception {
    String yaml =
        """
        listeners:
          web:
            address: "127.0.0.1:0"
            protocol: tcp
            timeouts: {handshake: 500ms}
            tcp: {%sserver-names: {shop.example: shop, "*.api.example": api}}
        upstreams:
          shop: {targets: [{address: "%s"}]}
          api: {targets: [{address: "%s"}]}
          rest: {targets: [{address: "%s"}]}
        """;
    return GatewayFixture.start(
        folder, yaml.formatted(preset, shop.address(), api.address(), rest.address()));
  }

  private static Socket connect(GatewayFixture gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(15_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  /** A ClientHello as TLS 1.2 has it. */
  private static byte[] hello(String name, int padding) {
    byte[] host = name.getBytes(US_ASCII);
    ByteBuffer extensions = ByteBuffer.allocate(4 + 5 + host.length + 4 + padding);
    extensions.putShort((short) 0).putShort((short) (host.length + 5));
    extensions.putShort((short) (host.length + 3)).put((byte) 0).putShort((short) host.length);
    extensions.put(host).putShort((short) 21).putShort((short) padding);
    int length = 2 + 32 + 1 + 4 + 2 + 2 + extensions.capacity();
    ByteBuffer hello = ByteBuffer.allocate(4 + length);
    hello.putInt(1 << 24 | length).putShort((short) 0x0303).position(hello.position() + 32);
    hello.put((byte) 0).putShort((short) 2).putShort((short) 0xc02f).putShort((short) 0x0100);
    return hello.putShort((short) extensions.capacity()).put(extensions.array()).array();
  }

  /** In records of at most so many bytes. */
  private static byte[] records(byte[] handshake, int size) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int from = 0; from < handshake.length; from += size) {
      int length = Math.min(size, handshake.length - from);
      out.writeBytes(new byte[] {22, 3, 1, (byte) (length >> 8), (byte) length});
      out.write(handshake, from, length);
    }
    return out.toByteArray();
  }

  private static void sendInPieces(Socket socket, byte[] bytes, int size) throws IOException {
    for (int from = 0; from < bytes.length; from += size) {
      socket.getOutputStream().write(bytes, from, Math.min(size, bytes.length - from));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "shop.example, 100, 16384, 100000, shop",
    "SHOP.example, 100, 16384, 100000, shop",
    "v1.api.example, 100, 16384, 100000, api.",
    "shop.example, 100, 16384, 1, shop",
    "shop.example, 4000, 50, 7, shop",
    "shop.example, 12000, 4000, 1000, shop",
    "other.example, 0, 16384, 100000, rest",
    "a.b.api.example, 0, 16384, 100000, rest",
    "api.example, 0, 16384, 100000, rest"
  })
  void goesWhereTheNameSays(String name, int padding, int record, int piece, String expected)
      throws Exception {
    try (ByteOrigin shop = ByteOrigin.echo("shop");
        ByteOrigin api = ByteOrigin.echo("api.");
        ByteOrigin rest = ByteOrigin.echo("rest");
        GatewayFixture gateway = between(DEFAULT, shop, api, rest)) {
      byte[] hello = records(hello(name, padding), record);
      try (Socket client = connect(gateway)) {
        sendInPieces(client, hello, piece);
        assertThat(client.getInputStream().readNBytes(4)).asString().isEqualTo(expected);
        assertThat(client.getInputStream().readNBytes(hello.length)).isEqualTo(hello);
      }
      assertThat(gateway.accessLine().getString("server-name")).isEqualToIgnoringCase(name);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0000\u0004abcd", "SSH-2.0-x\r\n"})
  void takesWhatAsksForNoNameToTheDefault(String bytes) throws Exception {
    try (ByteOrigin rest = ByteOrigin.echo("rest");
        GatewayFixture gateway = between(DEFAULT, rest, rest, rest);
        Socket client = connect(gateway)) {
      client.getOutputStream().write(bytes.getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(4 + bytes.length()))
          .asString()
          .isEqualTo("rest" + bytes);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET / HTTP/1.1\r\n\r\n", "\u0016\u0003\u0001\u0000\u0004abcd"})
  void refusesWhatAsksForNoNameWithoutADefault(String bytes) throws Exception {
    refuses(bytes.getBytes(US_ASCII), "server_name");
  }

  @Test
  void refusesANameWithoutUpstream() throws Exception {
    refuses(records(hello("other.example", 0), 1000), "server_name");
  }

  @Test
  void refusesAHelloThatIsTooLarge() throws Exception {
    refuses(records(hello("shop.example", 17_000), 16_000), "client_hello");
  }

  @Test
  void refusesAHelloThatDoesNotComeToItsEndInTime() throws Exception {
    byte[] hello = records(hello("shop.example", 0), 1000);
    refuses(Arrays.copyOf(hello, hello.length - 1), "client_hello_timeout");
    refuses(new byte[0], "client_hello_timeout");
  }

  private void refuses(byte[] bytes, String reason) throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("x");
        GatewayFixture gateway = between(NO_DEFAULT, origin, origin, origin)) {
      try (RawClient client = gateway.client()) {
        client.sendWhatIsTaken(bytes);
        assertThat(client.closed()).isTrue();
      }
      assertThat(gateway.accessLine().getString("reason")).isEqualTo(reason);
      assertThat(
              gateway.metric(
                  "sentinel_connections_refused_total{listener=\"web\",reason=\"" + reason + "\"}"))
          .isEqualTo(1);
      assertThat(origin.connections()).isZero();
    }
  }

  // TLS from end to end: the origin server is another gateway.

  private GatewayFixture secure() throws Exception {
    TestCertificates.write(folder, "own", Instant.now().minusSeconds(60), "localhost");
    String yaml =
        """
        listeners:
          web:
            address: "127.0.0.1:0"
            protocols: [http1, http2]
            tls: {certificates: [{cert: "%s/own.crt", key: "%s/own.key"}]}
        routes: {all: {respond: {body: secret}}}
        """;
    return GatewayFixture.start(folder, yaml.formatted(folder, folder));
  }

  private GatewayFixture before(GatewayFixture origin) throws Exception {
    String yaml =
        """
        listeners:
          web:
            address: "127.0.0.1:0"
            protocol: tcp
            tcp: {idle-timeout: 500ms, server-names: {localhost: origin}}
        """;
    return GatewayFixture.start(
        folder, yaml + GatewayFixture.upstream("127.0.0.1:" + origin.port()));
  }

  private static SSLContext trusting() throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
  void showsTheClientTheCertificateOfTheOrigin(String version) throws Exception {
    try (GatewayFixture origin = secure();
        GatewayFixture gateway = before(origin);
        SSLSocket socket =
            (SSLSocket)
                trusting()
                    .getSocketFactory()
                    .createSocket(InetAddress.getLoopbackAddress(), gateway.port())) {
      SSLParameters parameters = socket.getSSLParameters();
      parameters.setServerNames(List.of(new SNIHostName("localhost")));
      parameters.setProtocols(new String[] {version});
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      X509Certificate shown = (X509Certificate) socket.getSession().getPeerCertificates()[0];
      assertThat(shown.getSubjectX500Principal().getName()).isEqualTo("CN=localhost");
    }
  }

  @Test
  void carriesAnHttp2Client() throws Exception {
    try (GatewayFixture origin = secure();
        GatewayFixture gateway = before(origin)) {
      HttpClient client = HttpClient.newBuilder().sslContext(trusting()).build();
      for (int i = 0; i < 3; i++) {
        HttpResponse<String> answer =
            client.send(
                HttpRequest.newBuilder(URI.create("https://localhost:" + gateway.port() + "/"))
                    .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        assertThat(answer.body()).isEqualTo("secret");
      }
      assertThat(origin.accessLog(3)).hasSize(3);
    }
  }
}
