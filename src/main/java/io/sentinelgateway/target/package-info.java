/**
 * One origin server: its address, its living state, and the right to use it ({@link
 * io.sentinelgateway.target.Lease}). Level 1: may use level 0. {@link
 * io.sentinelgateway.target.TargetState} and {@link io.sentinelgateway.target.ConnectionPlaces} are
 * shared by all loops; the rest is immutable or confined to a loop.
 */
@NullMarked
package io.sentinelgateway.target;

import org.jspecify.annotations.NullMarked;
