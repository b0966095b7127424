package io.sentinelgateway.config;

import io.sentinelgateway.resilience.AdaptiveRule;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** How much may be under way at an upstream; counted over all event loops. */
public record LimitsConfig(
    @Doc("Requests under way at once; absent: no fixed limit.") @Range(min = "1", max = "10000000")
        Optional<Integer> requests,
    @Doc(
            "Connections to all targets together; absent: only `connections.max` for each of them."
                + " A request that finds no room waits for one of its target's, or goes to a target"
                + " that has one.")
        @Range(min = "1", max = "10000000")
        Optional<Integer> connections,
    @Doc("Requests that may wait for their turn when there is no room; the rest is refused.")
        @Default("0")
        @Range(min = "0", max = "1000000")
        int pending,
    @Doc("How long a request may wait for its turn.") @Default("1s") @Range(min = "1ms", max = "5m")
        Duration pendingTimeout,
    @Doc(
            "`observe` refuses nothing because of `requests` and `connections`, and counts what it"
                + " would refuse.")
        @Default("enforce")
        ShedMode mode,
    @Doc("A limit that is learnt from how long answers take; absent: none.")
        Optional<AdaptiveConfig> adaptive) {

  void check(Problems problems) {
    problems.require(
        requests.isPresent() || connections.isPresent() || adaptive.isPresent(),
        "limits nothing (expected: requests, connections, or adaptive)");
    adaptive.ifPresent(a -> a.check(problems.at("adaptive")));
  }

  /** A limit that is learnt. */
  public record AdaptiveConfig(
      @Doc("It never goes below this.") @Default("10") @Range(min = "1", max = "1000000")
          int minimum,
      @Doc("Where it begins.") @Default("50") @Range(min = "1", max = "1000000") int initial,
      @Doc("It never goes above this.") @Default("1000") @Range(min = "1", max = "1000000")
          int maximum,
      @Doc("How much longer than in quiet times answers may take before it shrinks.")
          @Default("50%")
          Percent tolerance,
      @Doc("`observe` refuses nothing because of it and counts what it would refuse.")
          @Default("enforce")
          ShedMode mode) {

    void check(Problems problems) {
      problems
          .at("initial")
          .require(
              minimum <= initial && initial <= maximum,
              initial + " (expected: between minimum and maximum)");
    }

    /** The same without the mode. */
    public AdaptiveRule rule() {
      return new AdaptiveRule(minimum, initial, maximum, tolerance.share());
    }
  }
}
