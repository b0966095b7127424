package io.sentinelgateway.gateway;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An origin server that holds every request until the test lets it go, and counts them. */
final class GatedOrigin implements AutoCloseable {

  private static final int ALL = 1_000_000;

  private final Semaphore gate = new Semaphore(0);
  private final AtomicInteger underWay = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private final ScriptedOrigin origin;

  GatedOrigin() throws IOException {
    origin = ScriptedOrigin.start(this::serve);
  }

  private void serve(ScriptedOrigin.Peer peer) throws Exception {
    while (peer.request().isPresent()) {
      most.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      boolean open = gate.tryAcquire(20, TimeUnit.SECONDS);
      // Before the answer: what the gateway sends because of it comes later.
      underWay.decrementAndGet();
      if (!open) {
        throw new AssertionError("nobody opened the gate");
      }
      peer.write(ScriptedOrigin.sized("ok"));
    }
  }

  /** Lets so many go: those that are here, or who come next. */
  void let(int count) {
    gate.release(count);
  }

  /** Lets everybody go from now on. */
  void open() {
    gate.release(ALL);
  }

  /** Waits until so many requests are here. */
  void holds(int count) {
    Eventually.value(underWay::get, now -> now == count);
  }

  /** The most requests that were here at once, since the last time that this was asked. */
  int most() {
    return most.getAndSet(underWay.get());
  }

  /** Targets of all requests in the order they came. */
  List<String> targets() {
    return origin.requests().stream().map(ScriptedOrigin.Peer::target).toList();
  }

  String address() {
    return origin.address();
  }

  @Override
  public void close() throws IOException {
    open();
    origin.close();
  }
}
