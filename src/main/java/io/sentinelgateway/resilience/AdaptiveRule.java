package io.sentinelgateway.resilience;

/**
 * Between which bounds an {@link AdaptiveLimit} learns.
 *
 * @param minimum it never goes below this
 * @param initial where it begins
 * @param maximum it never goes above this
 * @param tolerance how much longer than alone an answer may take, as a share, before the limit
 *     shrinks
 */
public record AdaptiveRule(int minimum, int initial, int maximum, double tolerance) {}
