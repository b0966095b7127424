package io.sentinelgateway.origin;

import io.sentinelgateway.exchange.TestLoop;
import io.sentinelgateway.observe.LoopMetrics;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.wire.FlushBatch;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Event loops with their connections to origin servers; the clock of each stands still. */
final class Loops implements AutoCloseable {

  private final Vertx vertx;
  private final List<One> all = new CopyOnWriteArrayList<>();

  Loops(int count) throws Exception {
    vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(count));
    for (int i = 0; i < count; i++) {
      One one = new One(count);
      vertx.deployVerticle(one).await(20, TimeUnit.SECONDS);
      all.add(one);
    }
  }

  One get(int index) {
    return all.get(index);
  }

  List<One> all() {
    return all;
  }

  Vertx vertx() {
    return vertx;
  }

  /** Waits for what other threads do. */
  static void eventually(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("it did not happen");
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
  }

  /** One event loop. Its methods may be called on any thread. */
  static final class One extends VerticleBase {

    private final int loops;
    private Context home;
    private TestLoop loop;
    private OriginConnections connections;

    private One(int loops) {
      this.loops = loops;
    }

    @Override
    public Future<?> start() {
      home = context;
      loop = new TestLoop(vertx);
      connections = new OriginConnections(loop, loops, new FlushBatch(), new LoopMetrics());
      return Future.succeededFuture();
    }

    @Override
    public Future<?> stop() {
      return connections.close();
    }

    OriginConnections connections() {
      return connections;
    }

    TestLoop loop() {
      return loop;
    }

    void run(Runnable action) {
      home.runOnContext(v -> action.run());
    }

    <T> T call(Supplier<T> action) throws Exception {
      CompletableFuture<T> result = new CompletableFuture<>();
      run(() -> result.complete(action.get()));
      return result.get(20, TimeUnit.SECONDS);
    }

    void pass(Duration time) {
      loop.pass(time);
    }

    /** Open connections, then those that rest, then requests that wait. */
    List<Integer> figures() throws Exception {
      return call(
          () ->
              List.of(
                  connections.pools().stream().mapToInt(TargetPool::open).sum(),
                  connections.pools().stream().mapToInt(TargetPool::resting).sum(),
                  connections.pools().stream().mapToInt(TargetPool::waiting).sum()));
    }

    Asked acquire(Target target) {
      Asked asked = new Asked(this, target);
      run(() -> connections.acquire(target, asked));
      return asked;
    }
  }

  /** A request for a connection, as a test sees it. */
  static final class Asked implements Connections.Waiter {

    private final One one;
    private final Target target;
    private final CompletableFuture<Connection> result = new CompletableFuture<>();

    private Asked(One one, Target target) {
      this.one = one;
      this.target = target;
    }

    @Override
    public void acquired(Connection connection) {
      result.complete(connection);
    }

    @Override
    public void refused(Throwable cause) {
      result.completeExceptionally(cause);
    }

    @Override
    public void moved() {
      result.completeExceptionally(new IllegalStateException("moved"));
    }

    boolean done() {
      return result.isDone();
    }

    Connection connection() throws Exception {
      return result.get(20, TimeUnit.SECONDS);
    }

    /** Why there is none. */
    String refusal() {
      return result
          .handle((got, cause) -> cause == null ? "none" : cause.getMessage())
          .orTimeout(20, TimeUnit.SECONDS)
          .join();
    }

    void release() throws Exception {
      release(true);
    }

    void release(boolean reusable) throws Exception {
      Connection connection = connection();
      one.run(() -> connection.release(reusable));
    }

    void withdraw() {
      one.run(() -> one.connections.withdraw(target, this));
    }
  }
}
