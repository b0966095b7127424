package io.sentinelgateway.config;

import io.sentinelgateway.resilience.BreakerRule;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.Optional;

/** When nothing is sent to a target, or a whole upstream, for a while. */
public record CircuitBreakerConfig(
    @Doc("What has a breaker: each `target`, or the `upstream` as a whole.") @Default("target")
        Per per,
    @Doc(
            "Share of failed attempts from which it opens. Failed is: no connection, no whole"
                + " answer, or a 5xx.")
        @Default("50%")
        Percent failureRate,
    @Doc("Share of slow attempts from which it opens; absent: slowness does not open it.")
        Optional<Percent> slowRate,
    @Doc("An attempt is slow when the head of its answer took longer.")
        @Default("5s")
        @Range(min = "1ms", max = "1h")
        Duration slowAfter,
    @Doc("Attempts within the window below which it does not open.")
        @Default("20")
        @Range(min = "1", max = "1000000")
        int minimum,
    @Doc("How far back attempts count.") @Default("10s") @Range(min = "100ms", max = "1h")
        Duration window,
    @Doc("How long it stays open; twice as long each time it opens again soon.")
        @Default("5s")
        @Range(min = "10ms", max = "1h")
        Duration openFor,
    @Doc("The longest it stays open.") @Default("1m") @Range(min = "10ms", max = "1h")
        Duration openForMax,
    @Doc("Attempts under way at once, to try it, when it was open long enough.")
        @Default("1")
        @Range(min = "1", max = "1000")
        int probes,
    @Doc("Such attempts that must go well before it closes.")
        @Default("3")
        @Range(min = "1", max = "1000")
        int closeAfter,
    @Doc("When all of them give no verdict for so long, others are made.")
        @Default("30s")
        @Range(min = "100ms", max = "1h")
        Duration probeTimeout,
    @Doc("`observe` refuses nothing and counts what it would refuse.") @Default("enforce")
        ShedMode mode) {

  private static final double NEVER = 2;

  /** What a breaker belongs to. */
  public enum Per {
    TARGET,
    UPSTREAM
  }

  void check(Problems problems) {
    problems
        .at("failure-rate")
        .require(failureRate.share() > 0, "0% (expected: more than 0%, up to 100%)");
    problems
        .at("slow-rate")
        .require(
            slowRate.isEmpty() || slowRate.get().share() > 0,
            "0% (expected: more than 0%, up to 100%)");
    problems
        .at("open-for-max")
        .require(
            openForMax.compareTo(openFor) >= 0,
            openForMax.toMillis() + "ms (expected: at least open-for)");
  }

  /** The same in numbers. */
  public BreakerRule rule() {
    return new BreakerRule(
        failureRate.share(),
        slowRate.map(Percent::share).orElse(NEVER),
        slowAfter.toNanos(),
        minimum,
        window.toNanos(),
        openFor.toNanos(),
        openForMax.toNanos(),
        probes,
        closeAfter,
        probeTimeout.toNanos());
  }
}
