package io.sentinelgateway.warmup;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Clients that ask for one thing after the other as browsers do, each on a thread of its own. */
final class SyntheticClients {

  private static final Logger LOG = LoggerFactory.getLogger(SyntheticClients.class);

  /** Nothing hangs longer, whatever is wrong. */
  private static final int PATIENCE_MILLIS = 1000;

  private static final String FIELDS =
      " HTTP/1.1\r\nHost: warm-up.invalid\r\nUser-Agent: Mozilla/5.0 (synthetic)\r\n"
          + "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n"
          + "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en;q=0.8\r\n";

  /** Mostly what most requests are; of everything else enough to be compiled. */
  private static final List<byte[]> SCRIPT =
      List.of(
          get("/small"),
          get("/small?page=2&sort=name"),
          get("/plain/small"),
          get("/small"),
          get("/chunked"),
          get("/small/a/b/c"),
          RawPeer.bytes("POST /upload" + FIELDS + "Content-Length: 512\r\n\r\n" + "x".repeat(512)),
          get("/plain/small"),
          get("/respond"),
          get("/small"),
          get("/large"),
          get("/none"));

  private final int port;
  private final Duration duration;
  private final int most;
  private final LongSupplier nanoTime;
  private final AtomicInteger sent = new AtomicInteger();

  /**
   * @param port of the gateway's listener
   * @param duration after which they stop
   * @param most requests after which they stop, all clients together
   */
  SyntheticClients(int port, Duration duration, int most, LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.port = port;
    this.duration = duration;
    this.most = most;
  }

  /**
   * Sends requests until it is enough. Blocks.
   *
   * @return the number of requests that were answered
   */
  int run(int clients) {
    long until = nanoTime.getAsLong() + duration.toNanos();
    List<Thread> threads =
        IntStream.range(0, clients)
            .mapToObj(i -> Peers.start("warm-up-client", () -> ask(until)))
            .toList();
    for (Thread thread : threads) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    return sent.get();
  }

  private void ask(long untilNanos) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      RawPeer peer = new RawPeer(socket);
      for (int i = 0; nanoTime.getAsLong() - untilNanos < 0 && sent.get() < most; i++) {
        peer.write(SCRIPT.get(i % SCRIPT.size()));
        peer.read();
        sent.incrementAndGet();
      }
    } catch (IOException e) {
      LOG.debug("a synthetic client gives up", e);
    }
  }

  private static byte[] get(String target) {
    return RawPeer.bytes("GET " + target + FIELDS + "\r\n");
  }
}
