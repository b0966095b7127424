/**
 * Connections to origin servers: one pool per event loop and target, nothing shared, so that a
 * request never leaves its loop; and HTTP/1.1 on them. Start at {@link
 * io.sentinelgateway.origin.OriginConnections} for the pools, at {@link
 * io.sentinelgateway.origin.Http1Connection} for what goes over the wire. Level 2: may use {@code
 * exchange}, {@code target} and level 0. Confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.origin;

import org.jspecify.annotations.NullMarked;
