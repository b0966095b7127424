package io.sentinelgateway.balance;

import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;

/** What every target gets of many picks when all targets are equally quick. */
final class Shares {

  private static final int STEP_NANOS = 100_000;

  private Shares() {}

  /**
   * Picks for as many different clients; each request ends when a number of others have begun.
   *
   * @param inFlight requests at any time
   */
  static Map<Target, Integer> of(Picker picker, int picks, int inFlight) {
    SplittableRandom clients = new SplittableRandom(4);
    SimulatedLoop loop = new SimulatedLoop(5);
    Queue<Lease> leases = new ArrayDeque<>();
    Map<Target, Integer> counts = new HashMap<>();
    for (int i = 0; i < picks; i++) {
      loop.nanos += STEP_NANOS;
      if (leases.size() == inFlight) {
        end(leases.remove(), loop.nanos);
      }
      Target picked = picker.pick(Asked.from(clients.nextInt(), loop));
      counts.merge(picked, 1, Integer::sum);
      leases.add(new Lease(picked, loop.nanos, 1));
    }
    leases.forEach(lease -> end(lease, loop.nanos));
    return counts;
  }

  private static void end(Lease lease, long nanos) {
    lease.answered(nanos);
    lease.release(Outcome.SUCCESS, nanos);
  }

  /** By how much the worst share differs from what the weights say: 0.01 is a hundredth of it. */
  static double error(Map<Target, Integer> counts, List<Target> targets) {
    double picks = counts.values().stream().mapToInt(count -> count).sum();
    double weights = targets.stream().mapToInt(Target::weight).sum();
    return targets.stream()
        .mapToDouble(
            target ->
                Math.abs(counts.getOrDefault(target, 0) / picks / (target.weight() / weights) - 1))
        .max()
        .orElse(0);
  }
}
