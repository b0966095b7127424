package io.sentinelgateway.forward;

import io.sentinelgateway.schema.ByteSize;
import io.sentinelgateway.schema.Default;
import io.sentinelgateway.schema.Doc;
import io.sentinelgateway.schema.Percent;
import io.sentinelgateway.schema.Problems;
import io.sentinelgateway.schema.Range;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** {@code retry: {attempts: 3, on: [connect-failure, reset, "503"]}} */
@Doc("When a failed request is sent again.")
public record RetrySettings(
    @Doc("Tries in all, the first included; 1 turns retries off.")
        @Default("3")
        @Range(min = "1", max = "10")
        int attempts,
    @Doc(
            "What is retried: `connect-failure` (nothing was sent: any method), `stale-connection` (a"
                + " kept connection closed as the request went out), `refused-stream` (HTTP/2 says"
                + " that nothing was done: any method), `reset` (any, before a head),"
                + " `timeout` (of the head), a status (429 or 5xx), or a gRPC status"
                + " (`grpc-unavailable`, …).")
        @Default("[connect-failure, stale-connection, refused-stream, reset]")
        List<String> on,
    @Doc(
            "Also send requests again that may have had an effect already, such as POST; only where"
                + " the origin can tell the second one from the first.")
        @Default("false")
        boolean nonIdempotent,
    @Doc("Content kept for another attempt; what is longer goes out once. 0 keeps none.")
        @Default("64KiB")
        @Range(min = "0B", max = "16MiB")
        ByteSize content,
    @Doc("From the begin of one attempt to the head of its answer; absent: `timeouts` alone.")
        @Range(min = "1ms", max = "24h")
        Optional<Duration> attemptTimeout,
    @Doc(
            "Longest wait before the first retry; doubled for each further one, and a random part of"
                + " it is waited. Another target that has not been tried is not waited for when"
                + " nothing had been sent.")
        @Default("25ms")
        @Range(min = "0ms", max = "1m")
        Duration backoff,
    @Doc(
            "Longest wait before any retry. An answer whose Retry-After asks for more is not"
                + " retried on the same target.")
        @Default("250ms")
        @Range(min = "0ms", max = "5m")
        Duration maxBackoff,
    @Doc(
            "Retries as a share of the requests, per event loop; what the last 2000 requests earned is"
                + " kept for bad moments. Retries of what was never sent are free.")
        @Default("20%")
        Percent budget,
    @Doc("Retries under way at once that are allowed without it, per event loop.")
        @Default("3")
        @Range(min = "0", max = "10000")
        int budgetMinimum) {

  void check(Problems problems) {
    for (int i = 0; i < on.size(); i++) {
      String word = on.get(i);
      problems
          .at("on")
          .at(i)
          .require(
              RetryRule.knows(word),
              '"' + word + "\" (expected: " + RetryRule.words() + ", 429, or 5xx)");
    }
    problems
        .at("max-backoff")
        .require(
            maxBackoff.compareTo(backoff) >= 0,
            maxBackoff.toMillis() + "ms (expected: no less than backoff)");
  }
}
