package io.sentinelgateway.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.FreePort;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Bytes of a TCP listener on their way to an origin server and back. */
class PassthroughTest {

  private static final int LARGE = 24 << 20;

  @TempDir Path folder;

  private GatewayFixture before(ByteOrigin origin, String... settings) throws Exception {
    return GatewayFixture.start(
        folder, listener(settings) + GatewayFixture.upstream(origin.address()));
  }

  /**
   * @param settings of {@code tcp}, but for its upstream
   */
  private static String listener(String... settings) {
    String more = settings.length == 0 ? "" : ", " + String.join(", ", settings);
    return "listeners: {web: {address: \"127.0.0.1:0\", protocol: tcp, tcp: {upstream: origin"
        + more
        + "}}}\n";
  }

  private static Socket connect(GatewayFixture gateway) throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port());
    socket.setSoTimeout(15_000);
    return socket;
  }

  private static String read(Socket socket, int bytes) throws IOException {
    return new String(socket.getInputStream().readNBytes(bytes), US_ASCII);
  }

  @Test
  void passesBytesBothWaysAndRecordsTheConnectionAtItsEnd() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("hello ");
        GatewayFixture gateway = before(origin)) {
      try (Socket client = connect(gateway)) {
        assertThat(read(client, 6)).isEqualTo("hello ");
        client.getOutputStream().write("abc".getBytes(US_ASCII));
        assertThat(read(client, 3)).isEqualTo("abc");
        assertThat(gateway.metric("sentinel_connections_open{listener=\"web\"}")).isEqualTo(1);
        assertThat(gateway.target(0, 0).getInteger("inFlight")).isEqualTo(1);
      }
      JsonObject line = gateway.accessLine();
      assertThat(line.getString("client")).isEqualTo("127.0.0.1");
      assertThat(line.getString("protocol")).isEqualTo("tcp");
      assertThat(line.getString("reason")).isEqualTo("client");
      assertThat(line.getString("listener")).isEqualTo("web");
      assertThat(line.getString("upstream")).isEqualTo("origin");
      assertThat(line.getString("server")).isEqualTo(origin.address());
      assertThat(line.getInteger("bytes-from-client")).isEqualTo(3);
      assertThat(line.getInteger("bytes-from-origin")).isEqualTo(9);
      assertThat(line.getJsonObject("ms").getMap()).containsKeys("total", "connect");
      assertThat(line.getMap()).doesNotContainKeys("status", "method", "id", "route");
      assertThat(ended(gateway, "client")).isEqualTo(1);
      assertThat(
              gateway.metric(
                  "sentinel_passthrough_bytes_total{direction=\"to_client\",listener=\"web\"}"))
          .isEqualTo(9);
      Eventually.value(
          () -> gateway.metric("sentinel_connections_open{listener=\"web\"}"), open -> open == 0);
    }
  }

  private static double ended(GatewayFixture gateway, String reason) throws IOException {
    return gateway.metric(
        "sentinel_passthrough_ended_total{listener=\"web\",reason=\"" + reason + "\"}");
  }

  @Test
  void changesNothingInLargeTransfersBothWaysAtOnce() throws Exception {
    byte[] there = new byte[LARGE];
    new Random(1).nextBytes(there);
    byte[] back = new byte[LARGE];
    new Random(2).nextBytes(back);
    CompletableFuture<byte[]> received = new CompletableFuture<>();
    try (ByteOrigin origin =
            ByteOrigin.start(
                socket -> {
                  Thread writer = new Thread(() -> write(socket, back));
                  writer.start();
                  received.complete(digest(socket.getInputStream()));
                  writer.join();
                });
        GatewayFixture gateway = before(origin);
        Socket client = connect(gateway)) {
      Thread writer = new Thread(() -> write(client, there));
      writer.start();
      byte[] digest = digest(client.getInputStream());
      writer.join();
      assertThat(digest).isEqualTo(MessageDigest.getInstance("SHA-256").digest(back));
      assertThat(received.get(20, TimeUnit.SECONDS))
          .isEqualTo(MessageDigest.getInstance("SHA-256").digest(there));
      assertThat(gateway.accessLine().getInteger("bytes-from-client")).isEqualTo(LARGE);
    }
  }

  /** Then says that it has nothing more. */
  private static void write(Socket socket, byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
      socket.shutdownOutput();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static byte[] digest(InputStream in) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    byte[] part = new byte[64 * 1024];
    for (int n = in.read(part); n >= 0; n = in.read(part)) {
      digest.update(part, 0, n);
    }
    return digest.digest();
  }

  @Test
  void letsTheOriginAnswerAfterTheClientHasSaidAll() throws Exception {
    try (ByteOrigin origin =
            ByteOrigin.start(
                socket -> {
                  byte[] all = socket.getInputStream().readAllBytes();
                  socket.getOutputStream().write(("got " + all.length).getBytes(US_ASCII));
                });
        GatewayFixture gateway = before(origin);
        Socket client = connect(gateway)) {
      client.getOutputStream().write(new byte[1000]);
      client.shutdownOutput();
      assertThat(new String(client.getInputStream().readAllBytes(), US_ASCII))
          .isEqualTo("got 1000");
    }
  }

  @Test
  void letsTheClientSpeakAfterTheOriginHasSaidAll() throws Exception {
    CompletableFuture<Integer> received = new CompletableFuture<>();
    try (ByteOrigin origin =
            ByteOrigin.start(
                socket -> {
                  socket.getOutputStream().write("bye".getBytes(US_ASCII));
                  socket.shutdownOutput();
                  received.complete(socket.getInputStream().readAllBytes().length);
                });
        GatewayFixture gateway = before(origin);
        Socket client = connect(gateway)) {
      assertThat(client.getInputStream().readAllBytes()).hasSize(3);
      client.getOutputStream().write(new byte[1000]);
      client.shutdownOutput();
      assertThat(received.get(15, TimeUnit.SECONDS)).isEqualTo(1000);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("origin");
    }
  }

  @Test
  void stopsTheWriterWhenTheReaderStalls() throws Exception {
    CountDownLatch reads = new CountDownLatch(1);
    CompletableFuture<Integer> received = new CompletableFuture<>();
    try (ByteOrigin origin =
            ByteOrigin.start(
                socket -> {
                  reads.await();
                  received.complete(socket.getInputStream().readAllBytes().length);
                });
        GatewayFixture gateway = before(origin);
        Socket client = connect(gateway)) {
      Thread writer = new Thread(() -> write(client, new byte[LARGE]));
      writer.start();
      String passed = "sentinel_passthrough_bytes_total{direction=\"to_origin\",listener=\"web\"}";
      double[] last = {-1};
      double stalled =
          Eventually.value(
              () -> {
                double before = last[0];
                last[0] = gateway.metric(passed);
                writer.join(100);
                return before;
              },
              before -> before > 0 && before == last[0]);
      assertThat(stalled).isLessThan(LARGE);
      reads.countDown();
      assertThat(received.get(20, TimeUnit.SECONDS)).isEqualTo(LARGE);
      writer.join();
    }
  }

  @Test
  void turnsToAnotherTargetWhenConnectingFails() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("alive");
        GatewayFixture gateway =
            GatewayFixture.start(
                folder,
                listener()
                    + GatewayFixture.upstream(
                        List.of(FreePort.address(), origin.address()),
                        "health: {passive: {consecutive-failures: 100}}"))) {
      for (int i = 0; i < 4; i++) {
        try (Socket client = connect(gateway)) {
          assertThat(read(client, 5)).isEqualTo("alive");
        }
      }
      assertThat(gateway.accessLog(4))
          .anyMatch(line -> line.getInteger("attempts") == 2)
          .allMatch(line -> line.getString("server").equals(origin.address()));
      assertThat(
              gateway.metric(
                  "sentinel_upstream_attempts_total{outcome=\"failure\",upstream=\"origin\"}"))
          .isPositive();
    }
  }

  @Test
  void closesTheClientWhenNoTargetCanBeConnectedTo() throws Exception {
    try (GatewayFixture gateway =
            GatewayFixture.start(folder, listener() + GatewayFixture.upstream(FreePort.address()));
        Socket client = connect(gateway)) {
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("connect_refused");
      assertThat(ended(gateway, "unreachable")).isEqualTo(1);
      assertThat(gateway.failures("connect_refused")).isEqualTo(1);
    }
  }

  @Test
  void endsWhatIsSilentForTooLong() throws Exception {
    try (ByteOrigin origin = ByteOrigin.echo("x");
        GatewayFixture gateway = before(origin, "idle-timeout: 200ms");
        Socket client = connect(gateway)) {
      assertThat(client.getInputStream().readAllBytes()).hasSize(1);
      assertThat(gateway.accessLine().getString("reason")).isEqualTo("idle");
      Eventually.value(origin::open, open -> open == 0);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"limits: {connections: 1}", "proxy-protocol: {from: [192.0.2.0/24]}"})
  void refusesWhatTheListenerMayNotTake(String setting) throws Exception {
    String yaml = listener().replace("protocol: tcp", "protocol: tcp, " + setting);
    try (ByteOrigin origin = ByteOrigin.echo("x");
        GatewayFixture gateway =
            GatewayFixture.start(folder, yaml + GatewayFixture.upstream(origin.address()));
        Socket first = connect(gateway);
        Socket second = connect(gateway)) {
      int taken = setting.startsWith("limits") ? 1 : 0;
      assertThat(first.getInputStream().read()).isEqualTo(taken == 1 ? 'x' : -1);
      assertThat(second.getInputStream().read()).isEqualTo(-1);
      assertThat(origin.connections()).isEqualTo(taken);
    }
  }

  @Test
  void tellsTheClientOfAProxyHeaderFromTheBytesBehindIt() throws Exception {
    String yaml = listener().replace("tcp: {", "proxy-protocol: {from: [127.0.0.0/8]}, tcp: {");
    try (ByteOrigin origin = ByteOrigin.echo("");
        GatewayFixture gateway =
            GatewayFixture.start(folder, yaml + GatewayFixture.upstream(origin.address()))) {
      try (Socket client = connect(gateway)) {
        OutputStream out = client.getOutputStream();
        out.write("PROXY TCP4 192.0.2.7 192.0.2.1 56324 443\r\nabc".getBytes(US_ASCII));
        assertThat(read(client, 3)).isEqualTo("abc");
      }
      assertThat(gateway.accessLine().getString("client")).isEqualTo("192.0.2.7");
    }
  }
}
