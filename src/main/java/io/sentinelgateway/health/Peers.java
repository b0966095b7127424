package io.sentinelgateway.health;

import io.sentinelgateway.config.OutliersConfig;
import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.target.TargetKey;
import io.sentinelgateway.target.TargetState;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The targets of one upstream, compared once in an interval by the requests that ended in it.
 * Confined to one context.
 */
final class Peers {

  private final Map<TargetKey, Counts> before = new HashMap<>();
  private OutliersConfig settings;
  private List<Target> targets = List.of();
  private long lastNanos;

  Peers(OutliersConfig settings, long nowNanos) {
    this.settings = settings;
    this.lastNanos = nowNanos;
  }

  /** What a target counted; a difference of two is an interval. */
  private record Counts(long successes, long bad, long answers, long answerNanos) {

    static Counts of(TargetState state) {
      return new Counts(
          state.successes(),
          state.errors() + state.failures(),
          state.answers(),
          state.answerNanos());
    }

    Counts minus(Counts other) {
      return new Counts(
          successes - other.successes,
          bad - other.bad,
          answers - other.answers,
          answerNanos - other.answerNanos);
    }

    long requests() {
      return successes + bad;
    }

    double successRate() {
      return requests() == 0 ? 1 : (double) successes / requests();
    }

    double meanMillis() {
      return answers == 0 ? 0 : answerNanos / 1e6 / answers;
    }
  }

  void watch(OutliersConfig now, List<Target> group) {
    settings = now;
    targets = group;
    before.keySet().retainAll(group.stream().map(Target::key).toList());
    group.forEach(target -> before.putIfAbsent(target.key(), Counts.of(target.state())));
  }

  void look(long nowNanos, Consumer<Verdict> verdicts) {
    if (nowNanos - lastNanos < settings.interval().toNanos()) {
      return;
    }
    lastNanos = nowNanos;
    Map<TargetKey, Counts> interval = new HashMap<>();
    for (Target target : targets) {
      Counts now = Counts.of(target.state());
      Counts counts = now.minus(before.put(target.key(), now));
      if (target.state().standing().condition() == Condition.HEALTHY
          && counts.requests() >= settings.minimumRequests()) {
        interval.put(target.key(), counts);
      }
    }
    judge(interval, verdicts);
  }

  private void judge(Map<TargetKey, Counts> interval, Consumer<Verdict> verdicts) {
    settings
        .failureShare()
        .ifPresent(
            share ->
                interval.forEach(
                    (target, counts) -> {
                      double bad = 1 - counts.successRate();
                      if (bad >= share.share()) {
                        String detail = percent(bad) + " failures and 5xx answers";
                        eject(target, Reason.FAILURE_SHARE, detail, verdicts);
                      }
                    }));
    if (interval.size() >= settings.minimumTargets()) {
      settings.successRate().ifPresent(factor -> rates(interval, factor, verdicts));
      settings.latency().ifPresent(factor -> latencies(interval, factor, verdicts));
    }
  }

  private static void rates(
      Map<TargetKey, Counts> interval, double factor, Consumer<Verdict> verdicts) {
    double[] rates = interval.values().stream().mapToDouble(Counts::successRate).toArray();
    double least = Outliers.leastRate(rates, factor);
    interval.forEach(
        (target, counts) -> {
          if (counts.successRate() < least) {
            String detail =
                percent(counts.successRate()) + " successes, less than " + percent(least);
            eject(target, Reason.SUCCESS_RATE, detail, verdicts);
          }
        });
  }

  private static void latencies(
      Map<TargetKey, Counts> interval, double factor, Consumer<Verdict> verdicts) {
    double[] sorted = interval.values().stream().mapToDouble(Counts::meanMillis).sorted().toArray();
    interval.forEach(
        (target, counts) -> {
          double mean = counts.meanMillis();
          double most = Outliers.mostMillis(sorted, Arrays.binarySearch(sorted, mean), factor);
          if (mean > most) {
            String detail = Math.round(mean) + " ms, more than " + Math.round(most) + " ms";
            eject(target, Reason.LATENCY, detail, verdicts);
          }
        });
  }

  private static void eject(
      TargetKey target, Reason reason, String detail, Consumer<Verdict> verdicts) {
    verdicts.accept(new Verdict(target, false, reason, detail));
  }

  private static String percent(double share) {
    return Math.round(share * 1000) / 10.0 + "%";
  }
}
