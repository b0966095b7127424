package io.sentinelgateway.health;

import io.sentinelgateway.config.ProbeSettings;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Looks after the targets it was given: checks those that are to be checked, one check for each
 * however many listeners and routes use it, and judges all by the requests they get anyway.
 * Confined to the context that makes it.
 */
public final class HealthWatch {

  private static final int MOST_CHECKS_AT_ONCE = 100;

  private final Check.Shared shared;
  private final PassiveJudge passive;
  private final Map<TargetKey, Check> checks = new HashMap<>();

  /**
   * @param nanoTime monotonic time
   * @param verdicts gets what is found
   */
  public HealthWatch(
      Vertx vertx, LongSupplier nanoTime, RandomGenerator random, Consumer<Verdict> verdicts) {
    shared = new Check.Shared(vertx, new Places(MOST_CHECKS_AT_ONCE), random, verdicts);
    passive = new PassiveJudge(nanoTime, verdicts);
  }

  /**
   * From now on exactly these targets. Checks whose settings are as before go on undisturbed; those
   * of targets that are gone end at once, also in their middle.
   */
  public void watch(Collection<Target> targets) {
    Map<TargetKey, Target> wanted = new HashMap<>();
    for (Target target : targets) {
      target.settings().health().active().ifPresent(s -> wanted.put(target.key(), target));
    }
    end(checks.values().stream().filter(check -> !wanted.containsKey(check.target())).toList());
    wanted
        .values()
        .forEach(target -> check(target, target.settings().health().active().orElseThrow()));
    passive.watch(targets);
  }

  /** First all retire: the place of one that is cut must not go to another. */
  private void end(List<Check> gone) {
    gone.forEach(Check::retire);
    gone.forEach(Check::end);
    checks.values().removeAll(gone);
  }

  private void check(Target target, ProbeSettings settings) {
    Check old = checks.get(target.key());
    if (old != null && old.checks(target, settings)) {
      return;
    }
    @Nullable Boolean before = null;
    if (old != null) {
      before = old.passes();
      old.end();
    }
    Check check = new Check(shared, target, settings, before);
    checks.put(target.key(), check);
    check.begin();
  }

  /** Judges by the requests that ended; to be called some times a second. */
  public void look() {
    passive.look();
  }

  /** Ends all checks. */
  public void close() {
    end(List.copyOf(checks.values()));
  }
}
