package io.sentinelgateway.health;

import io.sentinelgateway.config.HealthConfig;
import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Target;
import java.time.Duration;

/**
 * What all signs together say about one target. It lives as long as the target is configured, over
 * reloads. Confined to the owner of the upstreams; time is monotonic, in nanoseconds.
 */
final class Patient {

  private static final int FIRST_PERCENT = 10;
  private static final int WHOLE_PERCENT = 100;

  private final boolean atOnce;
  private Target target;
  private Checked checked = Checked.NOT_AT_ALL;
  private boolean drained;
  private boolean ejected;
  private long ejectedUntilNanos;
  private long backSinceNanos;
  private long ejections;
  private boolean rising;
  private long risingSinceNanos;

  private enum Checked {
    NOT_AT_ALL,
    NOT_YET,
    PASSES,
    FAILS
  }

  /**
   * @param atOnce true for the first targets of an upstream: there is nobody to be spared at their
   *     cost, so they need no slow start
   */
  Patient(Target target, boolean atOnce) {
    this.target = target;
    this.atOnce = atOnce;
  }

  Target target() {
    return target;
  }

  private HealthConfig settings() {
    return target.settings().health();
  }

  /** The target as the configuration in force has it: a sign that nobody reads is forgotten. */
  void configured(Target now) {
    target = now;
    if (settings().active().isEmpty()) {
      checked = Checked.NOT_AT_ALL;
    } else if (checked == Checked.NOT_AT_ALL) {
      // Whoever has served is not put to the test first.
      boolean fresh = now.state().standing().condition() == Condition.WARMING;
      checked = fresh ? Checked.NOT_YET : Checked.PASSES;
    }
    ejected &= settings().passive().isPresent();
  }

  /** What follows from all signs: the gravest one. */
  Condition condition() {
    if (drained) {
      return Condition.DRAINED;
    }
    if (checked == Checked.FAILS) {
      return Condition.UNHEALTHY;
    }
    if (ejected) {
      return Condition.EJECTED;
    }
    return checked == Checked.NOT_YET ? Condition.WARMING : Condition.HEALTHY;
  }

  void checked(boolean passed) {
    if (checked != Checked.NOT_AT_ALL) {
      checked = passed ? Checked.PASSES : Checked.FAILS;
    }
  }

  void drained(boolean now) {
    drained = now;
  }

  /**
   * Leaves it out, each time for longer; as long as it did well in between makes up for as much.
   *
   * @return for how long
   */
  Duration eject(PassiveConfig passive, long nowNanos) {
    long once = passive.ejectFor().toNanos();
    long madeUpFor = ejections == 0 ? 0 : (nowNanos - backSinceNanos) / once;
    ejections = 1 + Math.max(0, ejections - madeUpFor);
    long most = Math.max(once, passive.maxEjectFor().toNanos());
    long nanos = ejections > most / once ? most : ejections * once;
    ejected = true;
    ejectedUntilNanos = nowNanos + nanos;
    return Duration.ofNanos(nanos);
  }

  /** Takes it back when its time is over. */
  boolean takenBack(long nowNanos) {
    boolean over = ejected && nowNanos - ejectedUntilNanos >= 0;
    if (over) {
      ejected = false;
      backSinceNanos = nowNanos;
    }
    return over;
  }

  /** It has become healthy: its share of the requests grows from now on. */
  boolean rise(boolean fresh, long nowNanos) {
    rising = settings().slowStart().toNanos() > 0 && !(fresh && atOnce);
    risingSinceNanos = nowNanos;
    return grow(nowNanos);
  }

  /**
   * Gives it the share that it should have by now.
   *
   * @return true when that is another one than before
   */
  boolean grow(long nowNanos) {
    int before = target.state().risenPercent();
    int percent = rising ? percent(nowNanos) : WHOLE_PERCENT;
    rising = percent < WHOLE_PERCENT;
    target.state().risenPercent(percent);
    return percent != before;
  }

  private int percent(long nowNanos) {
    long whole = settings().slowStart().toNanos();
    if (whole == 0) {
      return WHOLE_PERCENT;
    }
    long percent = (long) (100.0 * (nowNanos - risingSinceNanos) / whole);
    return (int) Math.min(WHOLE_PERCENT, Math.max(FIRST_PERCENT, percent));
  }
}
