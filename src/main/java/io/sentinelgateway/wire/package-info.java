/**
 * What Vert.x's public API cannot do on a connection, as small Netty handlers: time limits of a
 * client connection, its TLS, its trailers, HTTP/2 within bounds, and flushes that go together.
 * Start at {@link io.sentinelgateway.wire.Wire}, which alone reaches below the public API, but for
 * HTTP/2: {@link io.sentinelgateway.wire.Http2Session} and its codec are made of inner classes of
 * the library. Level 0: knows no other room. Each handler is confined to its connection's event
 * loop.
 */
@NullMarked
package io.sentinelgateway.wire;

import org.jspecify.annotations.NullMarked;
