package io.sentinelgateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.resilience.CircuitBreaker.Permit;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.resilience.CircuitBreaker.Verdict;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** A breaker that opens and closes a thousand times under four threads loses no place. */
class BreakerCyclesTest {

  private static final int CYCLES = 1000;
  private static final int THREADS = 4;
  private static final int PROBES = 3;
  private static final BreakerRule RULE =
      new BreakerRule(0.5, 2, 0, 5, 1000, 10, 10, PROBES, 3, Long.MAX_VALUE);

  private final AtomicLong time = new AtomicLong();
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();
  private final AtomicInteger mostProbes = new AtomicInteger();
  private final CircuitBreaker breaker =
      new CircuitBreaker(
          (state, why) -> {
            opened.addAndGet(state == State.OPEN ? 1 : 0);
            closed.addAndGet(state == State.CLOSED ? 1 : 0);
          });

  @Test
  void losesNoPlaceInAThousandCycles() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      long seed = i;
      running.add(threads.submit(() -> cycle(new SplittableRandom(seed))));
    }
    for (Future<?> thread : running) {
      thread.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();

    assertThat(opened.get()).isGreaterThanOrEqualTo(CYCLES);
    assertThat(closed.get()).isGreaterThanOrEqualTo(CYCLES);
    assertThat(mostProbes.get()).isBetween(1, PROBES);
    allPlacesAreThere();
  }

  /** Holds some attempts and ends them in any order; they fail while closed, mostly. */
  private void cycle(SplittableRandom random) {
    Deque<Permit> held = new ArrayDeque<>();
    while (closed.get() < CYCLES) {
      Permit permit = breaker.tryAcquire(RULE, time.incrementAndGet());
      if (permit != null) {
        held.add(permit);
      }
      mostProbes.accumulateAndGet(breaker.probing(), Math::max);
      if (held.size() > random.nextInt(4) || permit == null) {
        end(random.nextBoolean() ? held.pollFirst() : held.pollLast(), random);
      }
    }
    while (!held.isEmpty()) {
      end(held.poll(), random);
    }
  }

  private void end(Permit permit, SplittableRandom random) {
    if (permit != null) {
      Verdict usual = breaker.state() == State.CLOSED ? Verdict.BAD : Verdict.GOOD;
      Verdict rare = random.nextBoolean() ? Verdict.NONE : Verdict.BAD;
      Verdict verdict = random.nextInt(10) < 8 ? usual : rare;
      breaker.end(RULE, permit, verdict, 1, time.incrementAndGet());
    }
  }

  private void allPlacesAreThere() {
    while (breaker.state() == State.CLOSED) {
      Permit permit = breaker.tryAcquire(RULE, time.get());
      breaker.end(RULE, permit, Verdict.BAD, 1, time.get());
    }
    if (breaker.state() == State.OPEN) {
      time.addAndGet(100);
    }
    assertThat(breaker.probing()).isZero();
    for (int i = 0; i < PROBES; i++) {
      assertThat(breaker.tryAcquire(RULE, time.get())).isNotNull();
    }
    assertThat(breaker.tryAcquire(RULE, time.get())).isNull();
  }
}
