/**
 * Connections to origin servers: one pool per event loop and target, so that a request never leaves
 * its loop; and HTTP/1.1 on them. HTTP/2 is spoken in {@code streams}. Start at {@link
 * io.sentinelgateway.origin.OriginConnections} for the pools, at {@link
 * io.sentinelgateway.origin.TargetPool} for what one decides, at {@link
 * io.sentinelgateway.origin.Http1Connection} for what goes over the wire; {@link
 * io.sentinelgateway.origin.DirectConnections} are those that no pool keeps. How many connections
 * there may be over all loops is kept in {@link io.sentinelgateway.target.ConnectionPlaces}. Level
 * 2: may use {@code config}, {@code exchange}, {@code target}, {@code observe} (its counters),
 * {@code streams} and level 0. Confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.origin;

import org.jspecify.annotations.NullMarked;
