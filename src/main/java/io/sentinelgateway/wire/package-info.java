/**
 * What Vert.x's public API cannot do on a connection, as small Netty handlers: time limits of a
 * client connection, and interim responses that must not be taken for final ones. Start at {@link
 * io.sentinelgateway.wire.Wire}, the only class that reaches below the public API. Level 0: knows
 * no other room. Each handler is confined to its connection's event loop.
 */
@NullMarked
package io.sentinelgateway.wire;

import org.jspecify.annotations.NullMarked;
