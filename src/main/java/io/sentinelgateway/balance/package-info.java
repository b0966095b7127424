/**
 * Rules that pick a target, and the pickers they make. Start at {@link
 * io.sentinelgateway.balance.LoadBalancer}; every rule is a line of {@link
 * io.sentinelgateway.balance.BalancerKinds}. Level 2: may use {@code target} and level 0. Pickers
 * are thread-safe and shared by all event loops.
 */
@NullMarked
package io.sentinelgateway.balance;

import org.jspecify.annotations.NullMarked;
