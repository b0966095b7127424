package io.sentinelgateway.origin;

import static io.sentinelgateway.origin.Loops.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.origin.Loops.One;
import io.sentinelgateway.target.Connection;
import io.sentinelgateway.target.Connections;
import io.sentinelgateway.target.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Thousands of requests by chance over four loops: they take, keep, give back, break and leave,
 * while the origin closes and the limit changes. Nobody is forgotten, and nothing is left.
 */
class PoolStormTest {

  private static final int REQUESTS = 1500;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void everybodyIsServedAndNothingIsLeft(long seed) throws Exception {
    try (Loops loops = new Loops(4);
        QuietOrigin origin = new QuietOrigin()) {
      Random random = new Random(seed);
      int max = 1 + random.nextInt(6);
      Target target =
          Targets.of(
              origin.address(), "{max: " + max + ", queue: 100000, suspend-after: 0, idle: 24h}");
      AtomicInteger ended = new AtomicInteger();
      AtomicInteger most = new AtomicInteger();
      for (One one : loops.all()) {
        Traffic traffic = new Traffic(one, target, new Random(random.nextLong()), ended, most);
        one.run(traffic::step);
      }
      Random closing = new Random(random.nextLong());
      eventually(
          () -> {
            if (closing.nextInt(4) == 0) {
              closeOne(origin);
            }
            return ended.get() == 4 * REQUESTS;
          });
      assertThat(most.get()).isLessThanOrEqualTo(max);
      assertThat(target.state().places().queued()).isZero();
      for (One one : loops.all()) {
        assertThat(one.figures().get(2)).isZero();
        one.run(() -> one.connections().renew(target, new Nobody()));
      }
      loops.all().forEach(one -> one.run(() -> one.connections().retain(Set.of())));
      eventually(() -> target.state().places().taken() == 0);
      eventually(() -> origin.open() == 0);
      assertThat(target.state().places().queued()).isZero();
    }
  }

  private static void closeOne(QuietOrigin origin) {
    try {
      origin.closeOne();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Takes a connection and gives it back at once. */
  private static final class Nobody implements Connections.Waiter {

    @Override
    public void acquired(Connection connection) {
      connection.release(true);
    }

    @Override
    public void refused(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void moved() {
      throw new AssertionError("moved");
    }
  }

  /** What happens on one loop. Confined to it. */
  private static final class Traffic {

    private final One one;
    private final Target target;
    private final Random random;
    private final AtomicInteger ended;
    private final AtomicInteger most;
    private int begun;

    Traffic(One one, Target target, Random random, AtomicInteger ended, AtomicInteger most) {
      this.one = one;
      this.target = target;
      this.random = random;
      this.ended = ended;
      this.most = most;
    }

    /** A burst of requests, and on with the next one. */
    void step() {
      one.pass(Duration.ofMillis(random.nextInt(10)));
      int burst = Math.min(1 + random.nextInt(8), REQUESTS - begun);
      for (int i = 0; i < burst; i++) {
        begun++;
        Request request = new Request();
        one.connections().acquire(target, request);
        if (random.nextInt(10) == 0) {
          later(random.nextInt(4), request::leave);
        }
      }
      if (begun < REQUESTS) {
        later(1 + random.nextInt(6), this::step);
      }
    }

    private void later(int turns, Runnable action) {
      one.run(turns == 0 ? action : () -> later(turns - 1, action));
    }

    private final class Request implements Connections.Waiter {

      private boolean over;

      @Override
      public void acquired(Connection connection) {
        assertThat(over).isFalse();
        over = true;
        most.accumulateAndGet(target.state().places().taken(), Math::max);
        boolean reusable = random.nextInt(8) != 0;
        later(
            random.nextInt(5),
            () -> {
              connection.release(reusable);
              ended.incrementAndGet();
            });
      }

      @Override
      public void refused(Throwable cause) {
        // Waited as long as it may, or its new connection was closed at once by the origin.
        assertThat(over).isFalse();
        over = true;
        ended.incrementAndGet();
      }

      @Override
      public void moved() {
        throw new AssertionError("moved");
      }

      void leave() {
        if (!over) {
          over = true;
          one.connections().withdraw(target, this);
          ended.incrementAndGet();
        }
      }
    }
  }
}
