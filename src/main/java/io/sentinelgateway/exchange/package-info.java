/**
 * One request and its answer, and the two shapes everything on the request path has: {@link
 * io.sentinelgateway.exchange.Filter} and {@link io.sentinelgateway.exchange.Handler}. Level 1: may
 * use {@code target} and level 0. Confined to the event loop of the request.
 */
@NullMarked
package io.sentinelgateway.exchange;

import org.jspecify.annotations.NullMarked;
