/**
 * Decides who gets in when there is too much, or when an origin fails: circuit breakers, limits of
 * concurrency fixed and learnt, queues with priorities. Start at {@link
 * io.sentinelgateway.resilience.CircuitBreaker} and {@link
 * io.sentinelgateway.resilience.ConcurrencyLimiter}. Level 0: knows nobody; time is a parameter.
 * Everything here that changes is thread-safe, lock-free and shared by all loops.
 */
@NullMarked
package io.sentinelgateway.resilience;

import org.jspecify.annotations.NullMarked;
