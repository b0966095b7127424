package io.sentinelgateway.health;

import io.sentinelgateway.target.Condition;
import io.sentinelgateway.target.TargetKey;

/** The health of a target has changed. Immutable. */
public record Transition(TargetKey target, Condition from, Condition to, Reason reason) {}
