/**
 * Sends a request to an upstream, again where that is safe, and hands the answer back. Start at
 * {@link io.sentinelgateway.forward.ForwardHandler}; {@link io.sentinelgateway.forward.Forwarding}
 * is one exchange, {@link io.sentinelgateway.forward.Attempt} one try. Level 3: may use levels 0 to
 * 2. Confined to the event loop of the request.
 */
@NullMarked
package io.sentinelgateway.forward;

import org.jspecify.annotations.NullMarked;
