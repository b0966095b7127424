package io.sentinelgateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.Timers.Timeout;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Time passes when the test says so; the loop only turns the wheel. */
@ExtendWith(VertxExtension.class)
class TimerWheelTest {

  private final AtomicLong nanos = new AtomicLong(1);
  private final List<String> fired = new ArrayList<>();

  /** Runs on a loop, lets time pass, and waits until a timer that is due then has fired. */
  private final class Wheel {
    private final io.vertx.core.Context loop;
    private final TimerWheel timers;

    Wheel(Vertx vertx) {
      loop = vertx.getOrCreateContext();
      timers = new TimerWheel(vertx, nanos::get);
    }

    void run(Runnable action) throws Exception {
      CompletableFuture<Void> done = new CompletableFuture<>();
      loop.runOnContext(
          v -> {
            action.run();
            done.complete(null);
          });
      done.get(10, TimeUnit.SECONDS);
    }

    void start(Duration delay, String name) {
      timers.start(delay, () -> fired.add(name));
    }

    /** A probe that is due at the end of that time proves that the wheel came as far. */
    void pass(Duration time) throws Exception {
      CompletableFuture<Void> probe = new CompletableFuture<>();
      loop.runOnContext(
          v -> {
            timers.start(time, () -> probe.complete(null));
            nanos.addAndGet(time.plusMillis(20).toNanos());
          });
      probe.get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void firesInTheOrderOfTheDelays(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(
        () -> {
          wheel.start(Duration.ofMillis(300), "third");
          wheel.start(Duration.ofMillis(100), "first");
          wheel.start(Duration.ofMillis(200), "second");
        });
    wheel.pass(Duration.ofMillis(400));

    assertThat(fired).containsExactly("first", "second", "third");
  }

  @Test
  void firesNothingTooEarly(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(() -> wheel.start(Duration.ofMillis(500), "late"));
    wheel.pass(Duration.ofMillis(400));
    assertThat(fired).isEmpty();
    wheel.pass(Duration.ofMillis(200));
    assertThat(fired).containsExactly("late");
  }

  @Test
  void firesATimerThatIsSeveralTurnsAway(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    // One turn of the wheel takes 5.12 s; the two meet in one slot.
    wheel.run(
        () -> {
          wheel.start(Duration.ofMillis(100 + 3 * 5120), "far");
          wheel.start(Duration.ofMillis(100), "near");
        });
    wheel.pass(Duration.ofMillis(200));
    assertThat(fired).containsExactly("near");
    wheel.pass(Duration.ofSeconds(10));
    assertThat(fired).containsExactly("near");
    wheel.pass(Duration.ofSeconds(10));
    assertThat(fired).containsExactly("near", "far");
  }

  @Test
  void doesNotFireWhatWasCancelled(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(
        () -> {
          Timeout timeout = wheel.timers.start(Duration.ofMillis(100), () -> fired.add("never"));
          timeout.cancel();
          timeout.cancel();
          assertThat(wheel.timers.pending()).isZero();
        });
    wheel.pass(Duration.ofMillis(200));

    assertThat(fired).isEmpty();
  }

  @Test
  void letsATimerCancelItsNeighboursAndItself(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    AtomicReference<Timeout> self = new AtomicReference<>();
    AtomicReference<Timeout> next = new AtomicReference<>();
    wheel.run(
        () -> {
          Duration delay = Duration.ofMillis(100);
          self.set(
              wheel.timers.start(
                  delay,
                  () -> {
                    fired.add("first");
                    self.get().cancel();
                    next.get().cancel();
                  }));
          next.set(wheel.timers.start(delay, () -> fired.add("cancelled")));
          wheel.start(delay, "last");
        });
    wheel.pass(Duration.ofMillis(200));

    assertThat(fired).containsExactly("first", "last");
    wheel.run(() -> assertThat(wheel.timers.pending()).isZero());
  }

  @Test
  void letsATimerStartAnother(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(
        () ->
            wheel.timers.start(
                Duration.ofMillis(100),
                () -> {
                  fired.add("first");
                  wheel.start(Duration.ZERO, "at once");
                  wheel.start(Duration.ofMillis(5120), "a turn later");
                }));
    wheel.pass(Duration.ofMillis(200));
    wheel.pass(Duration.ofMillis(200));
    assertThat(fired).containsExactly("first", "at once");
    wheel.pass(Duration.ofSeconds(6));
    assertThat(fired).containsExactly("first", "at once", "a turn later");
  }

  @Test
  void outlivesATimerThatThrows(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(
        () -> {
          wheel.timers.start(
              Duration.ofMillis(100),
              () -> {
                throw new IllegalStateException("a bug in a timer, on purpose");
              });
          wheel.start(Duration.ofMillis(100), "same slot");
          wheel.start(Duration.ofMillis(200), "later");
        });
    wheel.pass(Duration.ofMillis(300));

    assertThat(fired).containsExactly("same slot", "later");
  }

  @Test
  void startsToTurnAgainAfterItCameToRest(Vertx vertx) throws Exception {
    Wheel wheel = new Wheel(vertx);
    wheel.run(() -> wheel.start(Duration.ofMillis(50), "first"));
    wheel.pass(Duration.ofMillis(100));
    nanos.addAndGet(TimeUnit.HOURS.toNanos(1));
    wheel.run(() -> wheel.start(Duration.ofMillis(50), "second"));
    wheel.pass(Duration.ofMillis(100));

    assertThat(fired).containsExactly("first", "second");
  }
}
