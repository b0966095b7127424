package io.sentinelgateway.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.resilience.CircuitBreaker.Permit;
import io.sentinelgateway.resilience.CircuitBreaker.State;
import io.sentinelgateway.resilience.CircuitBreaker.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** When a breaker opens, probes and closes; time is a number here. */
class CircuitBreakerTest {

  static final long SECOND = 1_000_000_000L;
  static final BreakerRule RULE =
      new BreakerRule(0.5, 2, 0, 4, 10 * SECOND, 5 * SECOND, 15 * SECOND, 2, 3, 30 * SECOND);

  private final List<State> changes = new ArrayList<>();
  private final CircuitBreaker breaker = new CircuitBreaker((state, why) -> changes.add(state));
  private long now = -3 * SECOND;

  private Permit acquired() {
    Permit permit = breaker.tryAcquire(RULE, now);
    assertThat(permit).isNotNull();
    return permit;
  }

  private void attempt(Verdict verdict) {
    breaker.end(RULE, acquired(), verdict, SECOND, now);
  }

  private void open() {
    for (int i = 0; i < 4; i++) {
      attempt(Verdict.BAD);
    }
    assertThat(breaker.state()).isEqualTo(State.OPEN);
  }

  private void refuses() {
    assertThat(breaker.permits(RULE, now)).isFalse();
    assertThat(breaker.tryAcquire(RULE, now)).isNull();
  }

  @Test
  void opensWhenTheShareOfFailuresIsReached() {
    attempt(Verdict.GOOD);
    attempt(Verdict.GOOD);
    attempt(Verdict.BAD);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
    attempt(Verdict.BAD);

    assertThat(changes).containsExactly(State.OPEN);
    refuses();
    assertThat(breaker.refusesForNanos(now)).isEqualTo(5 * SECOND);
  }

  @Test
  void staysClosedBelowTheMinimum() {
    for (int i = 0; i < 3; i++) {
      attempt(Verdict.BAD);
    }
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void forgetsWhatIsOlderThanTheWindow() {
    for (int i = 0; i < 3; i++) {
      attempt(Verdict.BAD);
    }
    now += 11 * SECOND;
    attempt(Verdict.BAD);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void countsNothingThatIsIgnored() {
    for (int i = 0; i < 100; i++) {
      attempt(Verdict.NONE);
    }
    attempt(Verdict.BAD);
    assertThat(breaker.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void opensWhenTooManyAreSlow() {
    BreakerRule slow =
        new BreakerRule(1, 0.5, SECOND, 4, 10 * SECOND, SECOND, SECOND, 1, 1, SECOND);
    for (int i = 0; i < 4; i++) {
      long took = i < 2 ? SECOND : SECOND + 1;
      breaker.end(slow, acquired(), Verdict.GOOD, took, now);
    }
    assertThat(breaker.state()).isEqualTo(State.OPEN);
    now += SECOND;
    Permit probe = breaker.tryAcquire(slow, now);
    assertThat(probe).isNotNull();
    breaker.end(slow, probe, Verdict.GOOD, 2 * SECOND, now);
    assertThat(breaker.state()).as("a slow probe").isEqualTo(State.OPEN);
  }

  @Test
  void letsABoundedNumberOfProbesThrough() {
    open();
    now += 5 * SECOND;
    assertThat(breaker.permits(RULE, now)).isTrue();
    acquired();
    Permit second = acquired();
    refuses();

    breaker.end(RULE, second, Verdict.NONE, 0, now);
    acquired();
    refuses();
  }

  @Test
  void closesAfterSoManyGoodProbes() {
    open();
    now += 5 * SECOND;
    for (int i = 0; i < 3; i++) {
      attempt(Verdict.GOOD);
    }
    assertThat(changes).containsExactly(State.OPEN, State.HALF_OPEN, State.CLOSED);
    attempt(Verdict.BAD);
    assertThat(breaker.state()).as("it begins with an empty window").isEqualTo(State.CLOSED);
  }

  @Test
  void staysOpenLongerEachTimeUpToAMaximum() {
    open();
    for (long expected : new long[] {5, 10, 15, 15}) {
      assertThat(breaker.refusesForNanos(now)).isEqualTo(expected * SECOND);
      now += expected * SECOND;
      attempt(Verdict.BAD);
    }
  }

  @Test
  void growsAlsoWhenItClosedOnlyForAMoment() {
    open();
    now += 5 * SECOND;
    for (int i = 0; i < 3; i++) {
      attempt(Verdict.GOOD);
    }
    open();
    assertThat(breaker.refusesForNanos(now)).isEqualTo(10 * SECOND);
    now += 10 * SECOND;
    for (int i = 0; i < 3; i++) {
      attempt(Verdict.GOOD);
    }
    now += 10 * SECOND;
    open();
    assertThat(breaker.refusesForNanos(now)).isEqualTo(5 * SECOND);
  }

  @Test
  void whatBeganEarlierTakesNoPlaceOfLaterProbes() {
    Permit early = acquired();
    open();
    now += 5 * SECOND;
    Permit failing = acquired();
    Permit late = acquired();
    breaker.end(RULE, failing, Verdict.BAD, 0, now);
    now += 10 * SECOND;
    acquired();
    breaker.end(RULE, early, Verdict.BAD, 0, now);
    breaker.end(RULE, late, Verdict.GOOD, 0, now);

    assertThat(breaker.probing()).isEqualTo(1);
    acquired();
    refuses();
  }

  @Test
  void givesUpProbesThatNeverEnd() {
    open();
    now += 5 * SECOND;
    Permit lost = acquired();
    acquired();
    now += 30 * SECOND;
    assertThat(breaker.permits(RULE, now)).isTrue();
    acquired();
    acquired();
    refuses();
    breaker.end(RULE, lost, Verdict.BAD, 0, now);
    assertThat(breaker.state()).as("a verdict that comes too late").isEqualTo(State.HALF_OPEN);
  }
}
