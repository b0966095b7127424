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
      "User-Agent: Mozilla/5.0 (synthetic)\r\n"
          + "Accept: text/html,application/xhtml+xml;q=0.9,*/*;q=0.8\r\n"
          + "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en;q=0.8\r\n";

  /** Mostly what most requests are; of everything else enough to be compiled. */
  private static final List<Question> SCRIPT =
      List.of(
          get("/small"),
          get("/small?page=2&sort=name"),
          get("/plain/small"),
          get("/small"),
          get("/chunked"),
          get("/small/a/b/c"),
          question("POST /upload", WarmUp.HOST, "Content-Length: 512", "x".repeat(512), 200),
          get("/plain/small"),
          get("/respond"),
          get("/small"),
          get("/large"),
          question("GET /none", "other.invalid", "Cache-Control: no-cache", "", 404));

  /**
   * A request and what it must come to.
   *
   * @param answered how the answer begins, in lower case
   */
  private record Question(String message, String answered) {}

  private final int port;
  private final Duration duration;
  private final int most;
  private final LongSupplier nanoTime;
  private final AtomicInteger answered = new AtomicInteger();

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
    return answered.get();
  }

  private void ask(long untilNanos) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      RawPeer peer = new RawPeer(socket);
      for (int i = 0; nanoTime.getAsLong() - untilNanos < 0 && answered.get() < most; i++) {
        Question question = SCRIPT.get(i % SCRIPT.size());
        peer.write(RawPeer.bytes(question.message()));
        String head = peer.read();
        if (!head.startsWith(question.answered())) {
          throw new IOException(head.lines().findFirst().orElse(""));
        }
        answered.incrementAndGet();
      }
    } catch (IOException e) {
      LOG.warn("a synthetic client gives up: {}", e.toString());
    }
  }

  private static Question get(String target) {
    return question("GET " + target, WarmUp.HOST, "Cache-Control: no-cache", "", 200);
  }

  private static Question question(
      String start, String host, String field, String content, int status) {
    String head = start + " HTTP/1.1\r\nHost: " + host + "\r\n" + FIELDS + field + "\r\n\r\n";
    return new Question(head + content, "http/1.1 " + status + " ");
  }
}
