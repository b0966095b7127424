package io.sentinelgateway.balance;

import io.sentinelgateway.target.Target;
import java.util.Arrays;
import java.util.List;

/** Weights of targets as the tables of {@code spread} want them. */
final class Weights {

  private Weights() {}

  static int[] of(List<Target> targets) {
    return targets.stream().mapToInt(Target::weight).toArray();
  }

  static long sum(Target[] targets) {
    return Arrays.stream(targets).mapToLong(Target::weight).sum();
  }
}
