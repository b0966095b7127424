package io.sentinelgateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.resilience.ConcurrencyLimiter.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Places and the queue before them. */
class ConcurrencyLimiterTest {

  private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
  private final List<String> granted = new ArrayList<>();

  private static Places places(int limit) {
    return priority -> priority.of(limit, Priority.CRITICAL);
  }

  private Pending await(Priority priority, String name) {
    return limiter.await(priority, places(1), 10, () -> granted.add(name));
  }

  @Test
  void grantsAsManyPlacesAsThereAre() {
    Places two = priority -> 2;
    assertThat(limiter.tryAcquire(Priority.NORMAL, two)).isTrue();
    assertThat(limiter.tryAcquire(Priority.LOW, two)).isTrue();
    assertThat(limiter.tryAcquire(Priority.CRITICAL, two)).isFalse();
    limiter.release(two);
    assertThat(limiter.tryAcquire(Priority.CRITICAL, two)).isTrue();
    assertThat(limiter.active()).isEqualTo(2);
  }

  @Test
  void shedsLowerClassesFirst() {
    Places ten = places(10);
    for (Priority priority : new Priority[] {Priority.LOW, Priority.NORMAL, Priority.HIGH}) {
      while (limiter.tryAcquire(priority, ten)) {
        assertThat(limiter.active()).isLessThan(10);
      }
      assertThat(limiter.active()).isEqualTo(priority.of(10, Priority.CRITICAL));
    }
    assertThat(limiter.tryAcquire(Priority.CRITICAL, ten)).isTrue();
    assertThat(limiter.tryAcquire(Priority.CRITICAL, ten)).isFalse();
  }

  @Test
  void keepsNothingFreeForClassesThatNobodyHas() {
    assertThat(Priority.NORMAL.of(10, Priority.NORMAL)).isEqualTo(10);
    assertThat(Priority.LOW.of(10, Priority.NORMAL)).isEqualTo(7);
    assertThat(Priority.LOW.of(1, Priority.CRITICAL)).isEqualTo(1);
    assertThat(Priority.LOW.of(0, Priority.CRITICAL)).isZero();
    assertThat(Priority.LOW.of(Integer.MAX_VALUE, Priority.CRITICAL)).isPositive();
  }

  @Test
  void servesThoseWhoWaitInTheirOrderWithinTheirClass() {
    limiter.tryAcquire(Priority.NORMAL, places(1));
    await(Priority.LOW, "low");
    await(Priority.NORMAL, "first");
    await(Priority.NORMAL, "second");
    await(Priority.CRITICAL, "critical");
    for (int i = 0; i < 4; i++) {
      limiter.release(places(1));
    }
    assertThat(granted).containsExactly("critical", "first", "second", "low");
    assertThat(limiter.waiting()).isZero();
  }

  @Test
  void nobodyOvertakesThoseWhoWait() {
    limiter.acquireAnyway();
    limiter.acquireAnyway();
    await(Priority.NORMAL, "first");
    limiter.release(places(1));
    assertThat(granted).isEmpty();
    assertThat(limiter.tryAcquire(Priority.NORMAL, places(5))).isFalse();
    assertThat(limiter.tryAcquire(Priority.HIGH, places(5))).isTrue();
  }

  @Test
  void letsOnlySoManyWait() {
    limiter.acquireAnyway();
    assertThat(limiter.await(Priority.LOW, places(1), 1, () -> {})).isNotNull();
    assertThat(limiter.await(Priority.CRITICAL, places(1), 1, () -> {})).isNull();
  }

  @Test
  void skipsThoseWhoLeft() {
    limiter.acquireAnyway();
    Pending gone = await(Priority.NORMAL, "gone");
    Pending there = await(Priority.NORMAL, "there");
    assertThat(limiter.leave(gone)).isTrue();
    assertThat(limiter.leave(gone)).isFalse();
    limiter.release(places(1));
    assertThat(granted).containsExactly("there");
    assertThat(limiter.leave(there)).as("the place is there already").isFalse();
  }

  @Test
  void servesWhoeverWaitsWhenThereAreMorePlaces() {
    limiter.acquireAnyway();
    await(Priority.NORMAL, "first");
    limiter.serve(priority -> 2);
    assertThat(granted).containsExactly("first");
  }

  @Test
  void losesNoPlaceAndForgetsNobodyUnderThreads() throws Exception {
    Stress stress = new Stress(limiter);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      SplittableRandom random = new SplittableRandom(i);
      running.add(threads.submit(() -> stress.run(random)));
    }
    for (Future<?> thread : running) {
      thread.get(60, TimeUnit.SECONDS);
    }
    // Whoever still waits gets the places of those that were held.
    stress.releaseAll();
    threads.shutdown();
    assertThat(stress.most.get()).isLessThanOrEqualTo(Stress.LIMIT);
    assertThat(limiter.active()).isZero();
    assertThat(limiter.waiting()).isZero();
    assertThat(stress.held.get()).isZero();
  }

  /** Takes, waits, leaves and gives back at random. */
  private record Stress(ConcurrencyLimiter limiter, AtomicInteger held, AtomicInteger most) {

    private static final int LIMIT = 5;
    private static final int ROUNDS = 50_000;
    private static final Places PLACES = places(LIMIT);

    private Stress(ConcurrencyLimiter limiter) {
      this(limiter, new AtomicInteger(), new AtomicInteger());
    }

    private void run(SplittableRandom random) {
      for (int i = 0; i < ROUNDS; i++) {
        Priority priority = random.nextBoolean() ? Priority.NORMAL : Priority.CRITICAL;
        if (limiter.tryAcquire(priority, PLACES)) {
          took();
        } else {
          Pending pending = limiter.await(priority, PLACES, 20, this::took);
          if (pending != null && random.nextInt(3) == 0) {
            limiter.leave(pending);
          }
        }
        if (random.nextInt(4) > 0) {
          release();
        }
      }
    }

    private void took() {
      most.accumulateAndGet(limiter.active(), Math::max);
      held.incrementAndGet();
    }

    private boolean release() {
      int now = held.get();
      if (now > 0 && held.compareAndSet(now, now - 1)) {
        limiter.release(PLACES);
        return true;
      }
      return false;
    }

    private void releaseAll() {
      while (held.get() > 0) {
        release();
      }
    }
  }
}
