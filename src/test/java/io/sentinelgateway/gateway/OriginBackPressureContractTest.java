package io.sentinelgateway.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever does not read stops whoever sends; what was sent arrives whole and in order. */
class OriginBackPressureContractTest {

  private static final int PIECE = 64 << 10;
  private static final int PIECES = 1024;
  private static final long WHOLE = (long) PIECE * PIECES;

  /** What the system keeps in the buffers of four sockets, and a little of the gateway's own. */
  private static final long BUFFERED = 20L << 20;

  private static final int SMALL_BUFFER = 16 << 10;

  private final Random random = new Random(1);
  private final byte[] piece = new byte[PIECE];
  private final AtomicLong written = new AtomicLong();

  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"Content-Length: " + WHOLE, "Transfer-Encoding: chunked", "X-A: 1"})
  void takesNoMoreFromTheOriginThanTheClientReads(String framing) throws Exception {
    random.nextBytes(piece);
    try (Chain chain =
            Chain.of(
                folder,
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\n" + framing + "\r\n\r\n");
                  boolean chunked = framing.endsWith("chunked");
                  for (int i = 0; i < PIECES; i++) {
                    number(i);
                    writePiece(peer, chunked);
                  }
                  if (chunked) {
                    peer.write("0\r\n\r\n");
                  }
                });
        RawClient client = new RawClient(chain.gateway().port(), SMALL_BUFFER)) {
      client.send(RawClient.request("GET", "/"));
      Answer head = client.head();
      assertThat(head.status()).isEqualTo(200);

      assertThat(stalled()).as("taken from the origin").isLessThan(BUFFERED);
      assertThat(io.sentinelgateway.wire.Wire.directMemory()).isLessThan(100L << 20);

      assertThat(checksum(client, head)).isEqualTo(expected());
      var line = chain.gateway().accessLine();
      assertThat(line.getLong("response-bytes")).isEqualTo(WHOLE);
      assertThat(line.containsKey("reason")).isFalse();
    }
  }

  private void writePiece(ScriptedOrigin.Peer peer, boolean chunked) throws Exception {
    if (chunked) {
      peer.write(Integer.toHexString(PIECE) + "\r\n").write(piece).write("\r\n");
    } else {
      peer.write(piece);
    }
    written.addAndGet(PIECE);
  }

  /** Makes each piece another one. */
  private void number(int i) {
    piece[0] = (byte) i;
    piece[PIECE - 1] = (byte) (i >> 8);
  }

  private long expected() {
    random.setSeed(1);
    random.nextBytes(piece);
    CRC32 sum = new CRC32();
    for (int i = 0; i < PIECES; i++) {
      number(i);
      sum.update(piece);
    }
    return sum.getValue();
  }

  private static long checksum(RawClient client, Answer head) throws Exception {
    CRC32 sum = new CRC32();
    if (head.field("transfer-encoding").isPresent()) {
      for (String chunk = client.chunk(); !chunk.isEmpty(); chunk = client.chunk()) {
        sum.update(chunk.getBytes(StandardCharsets.ISO_8859_1));
      }
    } else {
      for (int i = 0; i < PIECES; i++) {
        sum.update(client.bytes(PIECE).getBytes(StandardCharsets.ISO_8859_1));
      }
    }
    return sum.getValue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void takesNoMoreFromTheClientThanTheOriginReads(boolean chunked) throws Exception {
    random.nextBytes(piece);
    CountDownLatch read = new CountDownLatch(1);
    CRC32 received = new CRC32();
    try (Chain chain =
        Chain.of(
            folder,
            peer -> {
              String head = peer.head().orElseThrow();
              peer.await(read);
              peer.content(head, received);
              peer.write(ScriptedOrigin.sized("ok"));
              peer.awaitClose();
            })) {
      String framing = chunked ? "Transfer-Encoding: chunked" : "Content-Length: " + WHOLE;
      chain.client().send("PUT / HTTP/1.1\r\nHost: a\r\n" + framing + "\r\n\r\n");
      Thread upload = new Thread(() -> upload(chain.client(), chunked));
      upload.start();
      assertThat(stalled()).as("taken from the client").isLessThan(BUFFERED);

      read.countDown();
      assertThat(chain.client().answer().body()).isEqualTo("ok");
      upload.join();
      assertThat(received.getValue()).isEqualTo(expected());
      assertThat(chain.gateway().accessLine().getLong("request-bytes")).isEqualTo(WHOLE);
    }
  }

  private void upload(RawClient client, boolean chunked) {
    for (int i = 0; i < PIECES; i++) {
      number(i);
      if (chunked) {
        client.sendWhatIsTaken(
            (Integer.toHexString(PIECE) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      }
      client.sendWhatIsTaken(piece);
      if (chunked) {
        client.sendWhatIsTaken("\r\n".getBytes(StandardCharsets.US_ASCII));
      }
      written.addAndGet(PIECE);
    }
    if (chunked) {
      client.sendWhatIsTaken("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** How much had gone when nothing went for half a second. */
  private long stalled() {
    long[] last = {-1, System.nanoTime()};
    return Eventually.value(
        () -> {
          long now = written.get();
          if (now != last[0]) {
            last[0] = now;
            last[1] = System.nanoTime();
          }
          return System.nanoTime() - last[1] > 500_000_000L ? now : -1L;
        },
        bytes -> bytes >= 0);
  }

  /** The close comes long before the content has been read. */
  @Test
  void deliversWhatTheOriginSentBeforeItClosed() throws Exception {
    random.nextBytes(piece);
    try (Chain chain =
            Chain.of(
                folder,
                peer -> {
                  peer.request();
                  peer.write("HTTP/1.1 200 OK\r\n\r\n");
                  for (int i = 0; i < 16; i++) {
                    peer.write(piece);
                    written.addAndGet(PIECE);
                  }
                });
        RawClient client = new RawClient(chain.gateway().port(), SMALL_BUFFER)) {
      client.send(RawClient.request("GET", "/"));
      Answer head = client.head();
      assertThat(stalled()).isEqualTo(16L * PIECE);
      Eventually.holds(() -> chain.origin().open() == 0);

      String content = new String(piece, StandardCharsets.ISO_8859_1).repeat(16);
      assertThat(client.withContent(head).body()).isEqualTo(content);
    }
  }

  @Test
  void oneClientThatDoesNotReadHoldsNobodyElseUp() throws Exception {
    try (Chain chain =
            Chain.of(
                folder,
                ScriptedOrigin.Script.first(
                    peer -> {
                      peer.request();
                      peer.write("HTTP/1.1 200 OK\r\nContent-Length: " + WHOLE + "\r\n\r\n");
                      for (int i = 0; i < PIECES; i++) {
                        writePiece(peer, false);
                      }
                    }));
        RawClient stalled = new RawClient(chain.gateway().port(), SMALL_BUFFER)) {
      stalled.send(RawClient.request("GET", "/1"));
      stalled.head();
      stalled();
      for (int i = 0; i < 100; i++) {
        assertThat(chain.get("/" + i).body()).isEqualTo("/" + i);
      }
      assertThat(chain.origin().connections()).isEqualTo(2);
      stalled.reset();
      Eventually.holds(() -> chain.origin().open() == 1);
      Eventually.holds(() -> chain.gateway().connections("active") == 0);
    }
  }
}
