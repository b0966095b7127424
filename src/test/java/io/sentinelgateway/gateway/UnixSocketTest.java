package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Sockets of the Unix domain, towards clients and towards origin servers. */
class UnixSocketTest {

  private static final String GET = "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";

  @TempDir Path folder;

  private Path socket() {
    return folder.resolve("web.sock");
  }

  private String answering(String settings) {
    return "listeners: {web: {address: \"unix:%s\"%s}}\nroutes: {all: {respond: {body: ok}}}\n"
        .formatted(socket(), settings);
  }

  private static String ask(Path socket, String text) throws IOException {
    try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
      channel.write(US_ASCII.encode(text));
      StringBuilder all = new StringBuilder();
      ByteBuffer bytes = ByteBuffer.allocate(4096);
      while (channel.read(bytes) >= 0) {
        all.append(US_ASCII.decode(bytes.flip()));
        bytes.clear();
      }
      return all.toString();
    }
  }

  private String permissions() throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(socket()));
  }

  private ServerSocketChannel listen(Path file) throws IOException {
    ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    return server.bind(UnixDomainSocketAddress.of(file));
  }

  @Test
  void takesThePlaceOfASocketThatADeadProcessLeft() throws Exception {
    listen(socket()).close();
    assertThat(socket()).exists();
    try (GatewayFixture gateway = GatewayFixture.start(folder, 2, answering(", unix: {}"))) {
      assertThat(ask(socket(), GET)).startsWith("HTTP/1.1 200 ");
      assertThat(permissions()).isEqualTo("rw-rw----");
      assertThat(gateway.accessLine().getString("client")).isEqualTo("127.0.0.1");
    }
    assertThat(socket()).doesNotExist();
  }

  @Test
  void leavesASocketAloneAtWhichAnotherProcessListens() throws Exception {
    try (ServerSocketChannel other = listen(socket())) {
      assertThatThrownBy(() -> GatewayFixture.start(folder, answering("")))
          .hasStackTraceContaining("listeners.web.address: unix:" + socket())
          .hasStackTraceContaining("another process listens there");
      assertThat(socket()).exists();
      assertThat(other.isOpen()).isTrue();
    }
  }

  @Test
  void leavesAFileAloneThatIsNoSocket() throws Exception {
    Files.writeString(socket(), "precious");
    assertThatThrownBy(() -> GatewayFixture.start(folder, answering("")))
        .hasStackTraceContaining("there is a file that is no socket");
    assertThat(socket()).hasContent("precious");
  }

  @Test
  void saysThatThereIsNoSuchGroup() {
    assertThatThrownBy(
            () -> GatewayFixture.start(folder, answering(", unix: {group: no-such-group}")))
        .hasStackTraceContaining("there is no user or group no-such-group");
    assertThat(socket()).doesNotExist();
  }

  @Test
  void changesWhoMayConnectWithoutClosingTheSocket() throws Exception {
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, answering(", unix: {mode: \"0600\"}"))) {
      assertThat(permissions()).isEqualTo("rw-------");
      gateway.reload(answering(", unix: {mode: \"0666\"}"));
      Eventually.value(this::permissions, now -> now.equals("rw-rw-rw-"));
      assertThat(ask(socket(), GET)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void removesTheFileWhenTheListenerGoes() throws Exception {
    String without =
        "listeners: {web: {address: \"127.0.0.1:0\"}}\nroutes: {all: {respond: {body: ok}}}\n";
    try (GatewayFixture gateway = GatewayFixture.start(folder, answering(""))) {
      gateway.reload(without);
      Eventually.holds(() -> !Files.exists(socket()));
      gateway.reload(answering(""));
      assertThat(ask(socket(), GET)).startsWith("HTTP/1.1 200 ");
    }
  }

  @Test
  void passesBytesFromSocketToSocket() throws Exception {
    Path origin = folder.resolve("origin.sock");
    String yaml =
        "listeners: {web: {address: \"unix:%s\", protocol: tcp, tcp: {upstream: origin}}}\n"
            .formatted(socket());
    try (ServerSocketChannel server = listen(origin);
        GatewayFixture gateway =
            GatewayFixture.start(folder, yaml + GatewayFixture.upstream("unix:" + origin))) {
      Thread answering = answering(server, "bye");
      assertThat(ask(socket(), "hello")).isEqualTo("bye");
      answering.join();
      assertThat(gateway.accessLine().getString("server")).isEqualTo("unix:" + origin);
    }
  }

  /** Says this to the first client that has said something. */
  private static Thread answering(ServerSocketChannel server, String text) {
    Thread thread =
        new Thread(
            () -> {
              try (SocketChannel peer = server.accept()) {
                peer.read(ByteBuffer.allocate(1000));
                peer.write(US_ASCII.encode(text));
              } catch (IOException e) {
                throw new AssertionError(e);
              }
            });
    thread.start();
    return thread;
  }

  @Test
  void tellsThatAnOriginIsNotThere() throws Exception {
    Path missing = folder.resolve("missing.sock");
    Path stale = folder.resolve("stale.sock");
    listen(stale).close();
    String yaml =
        """
        upstreams:
          missing: {targets: [{address: "unix:%s"}]}
          stale: {targets: [{address: "unix:%s"}]}
        routes:
          missing: {match: {path: /missing}, forward: {upstream: missing}}
          stale: {match: {path: /stale}, forward: {upstream: stale}}
        """;
    try (GatewayFixture gateway = GatewayFixture.start(folder, yaml.formatted(missing, stale))) {
      assertThat(gateway.get("/missing").reason()).isEqualTo("connect_failed");
      assertThat(gateway.get("/stale").reason()).isEqualTo("connect_refused");
      assertThat(gateway.accessLog(2).get(0).getString("detail")).contains("unix:" + missing);
    }
  }

  @Test
  void checksTheHealthOfAnOriginThere() throws Exception {
    Path origin = folder.resolve("origin.sock");
    String check =
        "health: {active: {type: tcp, interval: 50ms, healthy-after: 1, unhealthy-after: 1}}";
    try (GatewayFixture gateway =
        GatewayFixture.start(folder, GatewayFixture.upstream("unix:" + origin, check))) {
      Eventually.value(
          () -> gateway.target(0, 0).encode(), target -> target.contains("\"unhealthy\""));
      try (ServerSocketChannel server = listen(origin)) {
        assertThat(server.isOpen()).isTrue();
        Eventually.value(
            () -> gateway.target(0, 0).encode(), target -> target.contains("\"healthy\""));
      }
    }
  }
}
