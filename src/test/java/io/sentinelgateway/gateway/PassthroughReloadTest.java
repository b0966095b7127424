package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of connections that are passed through when the configuration changes or ends. */
class PassthroughReloadTest {

  @TempDir Path folder;

  private static String to(ByteOrigin one, ByteOrigin two, String upstream) {
    return """
    listeners: {web: {address: "127.0.0.1:0", protocol: tcp, tcp: {upstream: %s}}}
    upstreams:
      one: {targets: [{address: "%s"}]}
      two: {targets: [{address: "%s"}]}
    """
        .formatted(upstream, one.address(), two.address());
  }

  private static Socket connect(GatewayFixture gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  private static String read(Socket socket) throws IOException {
    return new String(socket.getInputStream().readNBytes(3), US_ASCII);
  }

  private static void works(Socket socket) throws IOException {
    socket.getOutputStream().write("abc".getBytes(US_ASCII));
    assertThat(read(socket)).isEqualTo("abc");
  }

  @Test
  void keepsOpenConnectionsAndSendsNewOnesElsewhere() throws Exception {
    try (ByteOrigin one = ByteOrigin.echo("one");
        ByteOrigin two = ByteOrigin.echo("two");
        GatewayFixture gateway = GatewayFixture.start(folder, to(one, two, "one"))) {
      int port = gateway.port();
      try (Socket before = connect(gateway)) {
        assertThat(read(before)).isEqualTo("one");
        gateway.reload(to(one, two, "two"));
        assertThat(gateway.port()).isEqualTo(port);
        try (Socket after = connect(gateway)) {
          assertThat(read(after)).isEqualTo("two");
        }
        works(before);
      }
    }
  }

  @Test
  void keepsConnectionsOfAListenerThatGoesUntilPatienceIsOver() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("one");
        GatewayFixture gateway = GatewayFixture.start(folder, to(origin, origin, "one"));
        Socket client = connect(gateway)) {
      assertThat(read(client)).isEqualTo("one");
      gateway.reload("listeners: {web: {address: \"127.0.0.1:0\"}}\n");
      works(client);
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("drain");
    }
  }

  @Test
  void keepsConnectionsWhileItShutsDownUntilPatienceIsOver() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("one");
        GatewayFixture gateway = GatewayFixture.start(folder, to(origin, origin, "one"));
        Socket staying = connect(gateway)) {
      CompletableFuture<?> drained;
      try (Socket leaving = connect(gateway)) {
        assertThat(read(staying)).isEqualTo("one");
        assertThat(read(leaving)).isEqualTo("one");
        drained = gateway.drain();
        works(leaving);
      }
      assertThat(staying.getInputStream().read()).isEqualTo(-1);
      assertThat(drained.get(15, TimeUnit.SECONDS).toString()).contains("finished=1", "cut=1");
    }
  }

  @Test
  void endsWhenItsOriginResetsTheConnection() throws Exception {
    try (ByteOrigin origin =
            ByteOrigin.start(
                socket -> {
                  socket.getInputStream().read();
                  socket.setSoLinger(true, 0);
                });
        GatewayFixture gateway = GatewayFixture.start(folder, to(origin, origin, "one"));
        Socket client = connect(gateway)) {
      client.getOutputStream().write('x');
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("origin");
    }
  }
}
