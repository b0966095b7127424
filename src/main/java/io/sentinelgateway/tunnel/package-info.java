/**
 * How bytes go between two connections that have left HTTP: back-pressure, half-close, limits of
 * time, WebSocket frames. Start at {@link io.sentinelgateway.tunnel.Tunnel}. Level 2: may use
 * {@code exchange}. Everything is confined to the event loop that both connections belong to.
 */
@NullMarked
package io.sentinelgateway.tunnel;

import org.jspecify.annotations.NullMarked;
