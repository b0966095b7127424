/**
 * The rules of RFC 9110 and 9112 that a gateway must keep, as pure functions: {@link
 * io.sentinelgateway.http.RequestTarget} and {@link io.sentinelgateway.http.NormalPath} (the one
 * spelling of a target), {@link io.sentinelgateway.http.RequestRules} (method and fields), {@link
 * io.sentinelgateway.http.HopByHop} (what ends here), {@link io.sentinelgateway.http.ClientAddress}
 * (who is believed). Start at {@code RequestRules}. Level 0: knows no other room. Stateless or
 * immutable, any thread, but for {@link io.sentinelgateway.http.HttpDate}, which belongs to one
 * event loop.
 */
@NullMarked
package io.sentinelgateway.http;

import org.jspecify.annotations.NullMarked;
