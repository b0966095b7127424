/**
 * Connections to origin servers: one pool per event loop and target, nothing shared, so that a
 * request never leaves its loop. Start at {@link io.sentinelgateway.origin.OriginConnections}.
 * Level 2: may use {@code exchange}, {@code target} and level 0. Confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.origin;

import org.jspecify.annotations.NullMarked;
