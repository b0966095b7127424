package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Content passes at once and in bounded memory, and stops when nobody wants it any more. */
class StreamingTest {

  private static final int PIECE = 1 << 20;

  @TempDir Path folder;

  @Test
  void passesTheHeadAndEachEventOnAtOnce() throws Exception {
    CountDownLatch[] seen = {new CountDownLatch(1), new CountDownLatch(1), new CountDownLatch(1)};
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write(
                      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
                          + "Transfer-Encoding: chunked\r\n\r\n");
                  peer.await(seen[0]);
                  peer.write("8\r\ndata: 1\n\r\n");
                  peer.await(seen[1]);
                  peer.write("8\r\ndata: 2\n\r\n");
                  peer.await(seen[2]);
                  peer.write("0\r\n\r\n");
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send(RawClient.request("GET", "/"));
      assertThat(client.head().field("content-type")).contains("text/event-stream");
      seen[0].countDown();
      assertThat(client.chunk()).isEqualTo("data: 1\n");
      seen[1].countDown();
      assertThat(client.chunk()).isEqualTo("data: 2\n");
      seen[2].countDown();
      assertThat(client.chunk()).isEmpty();
    }
  }

  @Test
  void passesTheHeadOfARequestOnBeforeItsContent() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  String head = peer.head().orElseThrow();
                  seen.countDown();
                  peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  peer.write("3\r\n" + peer.text(6).substring(3) + "\r\n");
                  peer.content(head + "\r\n");
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin);
        RawClient client = gateway.client()) {
      client.send("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n");
      seen.await();
      assertThat(client.head().status()).isEqualTo(200);
      client.send("3\r\nabc\r\n");
      assertThat(client.chunk()).isEqualTo("abc");
    }
  }

  @Test
  void cancelsAtTheOriginWhenTheClientLeavesBeforeTheAnswer() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.awaitClose();
                  cancelled.countDown();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      try (RawClient client = gateway.client()) {
        client.send(RawClient.request("GET", "/"));
        Eventually.holds(() -> origin.requests().size() == 1);
      }

      cancelled.await();
      gateway.comesToRest();
      leftAlone(gateway);
    }
  }

  @Test
  void cancelsAtTheOriginWhenTheClientLeavesWithinTheAnswer() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc");
                  peer.awaitClose();
                  cancelled.countDown();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      try (RawClient client = gateway.client()) {
        client.send(RawClient.request("GET", "/"));
        client.head();
        assertThat(client.bytes(3)).isEqualTo("abc");
        client.reset();
      }

      cancelled.await();
      gateway.comesToRest();
      leftAlone(gateway);
    }
  }

  @Test
  void cancelsAtTheOriginWhenTheClientLeavesWithinItsRequest() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.awaitClose();
                  cancelled.countDown();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      try (RawClient client = gateway.client()) {
        client.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc");
        Eventually.holds(() -> origin.open() == 1);
      }

      cancelled.await();
      gateway.comesToRest();
      leftAlone(gateway);
    }
  }

  @Test
  void noticesThatAClientLeftWhileItsAnswerIsHeldBack() throws Exception {
    CountDownLatch cancelled = new CountDownLatch(1);
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
                  try {
                    byte[] chunk =
                        ("10000\r\n" + "x".repeat(65536) + "\r\n")
                            .getBytes(StandardCharsets.US_ASCII);
                    while (true) {
                      peer.write(chunk);
                    }
                  } finally {
                    cancelled.countDown();
                  }
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      try (RawClient client = new RawClient(gateway.port(), 16 << 10)) {
        client.send(RawClient.request("GET", "/"));
        client.head();
        client.reset();
      }

      cancelled.await();
      gateway.comesToRest();
      leftAlone(gateway);
    }
  }

  @Test
  void noticesThatAClientLeftWhileItsUploadIsHeldBack() throws Exception {
    CountDownLatch left = new CountDownLatch(1);
    AtomicLong written = new AtomicLong();
    try (ScriptedOrigin origin =
            ScriptedOrigin.start(
                peer -> {
                  peer.head();
                  peer.await(left);
                  peer.awaitClose();
                });
        GatewayFixture gateway = GatewayFixture.before(folder, origin)) {
      try (RawClient client = gateway.client()) {
        client.send("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: " + 64L * PIECE + "\r\n\r\n");
        Thread upload =
            new Thread(
                () -> {
                  byte[] piece = new byte[PIECE];
                  for (int i = 0; i < 64; i++) {
                    client.sendWhatIsTaken(piece);
                    written.addAndGet(PIECE);
                  }
                });
        upload.start();
        awaitStall(written);
        client.reset();
        upload.join();
      }
      left.countDown();
      gateway.comesToRest();
      leftAlone(gateway);
    }
  }

  /** Returns when nothing went for half a second. */
  private static void awaitStall(AtomicLong written) {
    long[] last = {-1, System.nanoTime()};
    Eventually.holds(
        () -> {
          if (written.get() != last[0]) {
            last[0] = written.get();
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > 500_000_000L;
        });
  }

  /** A client that leaves hurts nobody but itself. */
  private static void leftAlone(GatewayFixture gateway) throws Exception {
    var line = gateway.accessLine();
    assertThat(line.getInteger("status")).isEqualTo(499);
    assertThat(line.getString("reason")).isEqualTo("client_gone");
    assertThat(gateway.failures("client_gone")).isEqualTo(1);
    assertThat(gateway.target(0, 0).getInteger("failures")).isZero();
    assertThat(gateway.target(0, 0).getInteger("failuresInARow")).isZero();
    // Pools are looked at once a second.
    Eventually.value(
        () -> gateway.metric("sentinel_pool_connections{state=\"active\",upstream=\"origin\"}"),
        active -> active == 0);
  }
}
