package io.sentinelgateway.verticle;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;

/**
 * Clients that ask again and again over persistent connections, and count every answer that is not
 * 200. They repeat nothing: a connection that is closed without "Connection: close" is a failure.
 */
public final class Load implements AutoCloseable {

  /** The gateway needs some of the processor too. */
  private static final long PAUSE_NANOS = 15_000_000;

  private final List<Thread> clients = new ArrayList<>();
  private final AtomicLong answered = new AtomicLong();
  private final Queue<String> failures = new ConcurrentLinkedQueue<>();
  private final IntSupplier port;
  private final String target;
  private volatile boolean stopping;

  private Load(IntSupplier port, String target) {
    this.port = port;
    this.target = target;
  }

  public static Load start(int connections, int port, String target) {
    return start(connections, () -> port, target);
  }

  /**
   * @param port asked before each connection
   */
  public static Load start(int connections, IntSupplier port, String target) {
    Load load = new Load(port, target);
    for (int i = 0; i < connections; i++) {
      Thread client = new Thread(load::run, "load-" + i);
      client.setDaemon(true);
      client.start();
      load.clients.add(client);
    }
    Eventually.holds("the load runs", () -> load.answered() >= connections);
    return load;
  }

  private void run() {
    while (!stopping) {
      try (Http http = Http.open(port.getAsInt())) {
        while (!stopping && once(http)) {
          LockSupport.parkNanos(PAUSE_NANOS);
        }
      } catch (IOException e) {
        failures.add(e.toString());
      }
    }
  }

  private boolean once(Http http) throws IOException {
    http.request("GET", target, "localhost");
    Http.Answer answer = http.answer();
    if (answer.status() != 200) {
      failures.add(answer.status() + " " + answer.content());
    }
    answered.incrementAndGet();
    return !answer.field("connection").equalsIgnoreCase("close");
  }

  public long answered() {
    return answered.get();
  }

  /** Until so many more answers have come. */
  public void more(long answers) {
    long wanted = answered() + answers;
    Eventually.holds(answers + " more answers", () -> answered() >= wanted);
  }

  /** Every failure so far. */
  public List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() {
    stopping = true;
    for (Thread client : clients) {
      try {
        client.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
