/**
 * What Vert.x's public API cannot do on a connection, as small Netty handlers: time limits of a
 * client connection, its TLS, its trailers, and flushes that go together. Start at {@link
 * io.sentinelgateway.wire.Wire}, the only class that reaches below the public API. Level 0: knows
 * no other room. Each handler is confined to its connection's event loop.
 */
@NullMarked
package io.sentinelgateway.wire;

import org.jspecify.annotations.NullMarked;
