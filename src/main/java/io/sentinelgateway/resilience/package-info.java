/**
 * Decides who gets in when there is too much, or when an origin fails: circuit breakers, limits of
 * concurrency fixed and learnt, queues with priorities. Start at {@link
 * io.sentinelgateway.resilience.CircuitBreaker} and {@link
 * io.sentinelgateway.resilience.ConcurrencyLimiter}. Level 0: knows nobody; time is a parameter.
 * What changes here is thread-safe, lock-free and shared by all loops, but for {@link
 * io.sentinelgateway.resilience.Backoff}.
 */
@NullMarked
package io.sentinelgateway.resilience;

import org.jspecify.annotations.NullMarked;
