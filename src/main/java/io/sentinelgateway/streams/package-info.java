/**
 * HTTP/2 on one connection to an origin server: streams and their translation to the contract of
 * {@link io.sentinelgateway.target.Connection}, flow control, liveness, and what is done about an
 * origin server that misbehaves. Start at {@link io.sentinelgateway.streams.OriginSession}. How
 * many connections there are, and which one a request gets, is decided in {@code origin}. Level 2:
 * may use {@code config}, {@code exchange}, {@code target} and level 0. Confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.streams;

import org.jspecify.annotations.NullMarked;
