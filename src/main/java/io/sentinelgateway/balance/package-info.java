/**
 * Rules that pick a target, and the pickers they make. Start at {@link
 * io.sentinelgateway.balance.LoadBalancer}; every rule is a line of {@link
 * io.sentinelgateway.balance.BalancerKinds}. Some look at load ({@link
 * io.sentinelgateway.balance.LeastRequests}, {@link io.sentinelgateway.balance.Choices}), some at
 * what a request says of itself ({@link io.sentinelgateway.balance.HashPicker}), some divide the
 * targets and leave the pick to an inner one ({@link io.sentinelgateway.balance.SpillOver}).
 *
 * <p>Level 2: may use {@code target}, {@code exchange}, {@code config} and level 0; {@code spread}
 * makes its tables. Pickers are thread-safe and shared by all event loops.
 */
@NullMarked
package io.sentinelgateway.balance;

import org.jspecify.annotations.NullMarked;
