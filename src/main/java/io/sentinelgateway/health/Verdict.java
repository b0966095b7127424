package io.sentinelgateway.health;

import io.sentinelgateway.target.TargetKey;

/**
 * What was found out about a target. Immutable.
 *
 * @param good true when it may get requests as far as this sign goes
 * @param detail for people
 */
public record Verdict(TargetKey target, boolean good, Reason reason, String detail) {}
