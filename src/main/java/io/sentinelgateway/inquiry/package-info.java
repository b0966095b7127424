/**
 * Requests of the gateway's own, about a request of a client: sent to an upstream like any other,
 * with a short answer that is read whole. {@link io.sentinelgateway.inquiry.Inquiry} is the place
 * to start. Level 3: may use level 2 and below. Everything is confined to the event loop of the
 * client's exchange.
 */
@NullMarked
package io.sentinelgateway.inquiry;

import org.jspecify.annotations.NullMarked;
