package io.sentinelgateway.health;

import io.sentinelgateway.config.OutliersConfig;
import io.sentinelgateway.config.PassiveConfig;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Judges targets by what their requests left behind. The request path only counts; here the counts
 * are read, some times a second for failures in a row, and once in an interval for what compares a
 * target with its peers. Confined to one context.
 */
final class PassiveJudge {

  private final LongSupplier nanoTime;
  private final Consumer<Verdict> verdicts;
  private final Map<String, Peers> peers = new HashMap<>();
  private List<Target> targets = List.of();

  PassiveJudge(LongSupplier nanoTime, Consumer<Verdict> verdicts) {
    this.nanoTime = nanoTime;
    this.verdicts = verdicts;
  }

  void watch(Collection<Target> now) {
    targets = now.stream().filter(t -> t.settings().health().passive().isPresent()).toList();
    Map<String, List<Target>> compared = new HashMap<>();
    for (Target target : targets) {
      if (outliers(target).isPresent()) {
        compared.computeIfAbsent(target.key().upstream(), id -> new ArrayList<>()).add(target);
      }
    }
    peers.keySet().retainAll(compared.keySet());
    compared.forEach(
        (id, group) -> {
          OutliersConfig settings = outliers(group.get(0)).orElseThrow();
          peers
              .computeIfAbsent(id, made -> new Peers(settings, nanoTime.getAsLong()))
              .watch(settings, group);
        });
  }

  private static Optional<OutliersConfig> outliers(Target target) {
    return target.settings().health().passive().flatMap(PassiveConfig::outliers);
  }

  void look() {
    targets.forEach(this::rows);
    long now = nanoTime.getAsLong();
    peers.values().forEach(group -> group.look(now, verdicts));
  }

  private void rows(Target target) {
    PassiveConfig passive = target.settings().health().passive().orElseThrow();
    TargetState state = target.state();
    if (state.standing().condition() != Condition.HEALTHY) {
      return;
    }
    int failures = state.failuresInARow();
    int errors = state.errorsInARow();
    if (failures >= passive.consecutiveFailures()) {
      eject(target, Reason.FAILURES, failures + " failures in a row");
    } else if (passive.consecutiveErrors().isPresent()
        && errors >= passive.consecutiveErrors().get()) {
      eject(target, Reason.ERRORS, errors + " failures and 5xx answers in a row");
    }
  }

  private void eject(Target target, Reason reason, String detail) {
    verdicts.accept(new Verdict(target.key(), false, reason, detail));
  }
}
