package io.sentinelgateway.gateway;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Clients that ask again and again, each as soon as it was answered; one refused rests a while. */
final class Clients implements AutoCloseable {

  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final List<Thread> threads = new ArrayList<>();
  private final AtomicInteger answered = new AtomicInteger();
  private final Queue<String> others = new ConcurrentLinkedQueue<>();
  private volatile boolean over;

  private Clients() {}

  static Clients start(GatewayFixture gateway, int count) {
    Clients clients = new Clients();
    for (int i = 0; i < count; i++) {
      Thread thread = new Thread(() -> clients.ask(gateway), "client-" + i);
      clients.threads.add(thread);
      thread.start();
    }
    return clients;
  }

  private void ask(GatewayFixture gateway) {
    try (RawClient client = gateway.client()) {
      while (!over) {
        Answer answer = client.get("/");
        if (answer.status() == 200) {
          answered.incrementAndGet();
        } else {
          others.add(answer.reason());
          LockSupport.parkNanos(REST_NANOS);
        }
      }
    } catch (IOException e) {
      others.add(e.toString());
    }
  }

  /** Waits for so many more answers with 200. */
  void answers(int more) {
    int wanted = answered.get() + more;
    Eventually.value(answered::get, now -> now >= wanted);
  }

  /** The reasons of all other answers, and what broke. */
  Set<String> others() {
    return new TreeSet<>(others);
  }

  @Override
  public void close() {
    over = true;
    for (Thread thread : threads) {
      Eventually.holds(() -> !thread.isAlive());
    }
  }
}
