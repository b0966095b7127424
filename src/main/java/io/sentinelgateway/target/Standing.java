package io.sentinelgateway.target;

import java.time.Instant;

/**
 * What health says about a target, and why. Immutable.
 *
 * @param reason for people
 * @param since when it became so
 */
public record Standing(Condition condition, String reason, Instant since) {

  /** Of a target that has just been configured; its owner says since when. */
  static Standing first(Condition condition) {
    String reason = condition == Condition.WARMING ? "waits for its first check" : "new";
    return new Standing(condition, reason, Instant.EPOCH);
  }
}
