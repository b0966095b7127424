/**
 * Where clients connect. Start at {@link io.sentinelgateway.listener.RequestEntry}: it turns a
 * request into an exchange, finds its route and sees that it is answered and recorded exactly once.
 * Level 5: may use levels 0 to 4. Everything is confined to one event loop.
 */
@NullMarked
package io.sentinelgateway.listener;

import org.jspecify.annotations.NullMarked;
