/**
 * Makes the request path fast before anybody waits for it. Start at {@link
 * io.sentinelgateway.warmup.WarmUp}: for a moment it serves routes of its own behind a listener of
 * its own, between clients and an origin server of its own. Level 5: may use levels 0 to 5. Each
 * {@code WarmUpLoop} is confined to its event loop; clients and the origin server have threads of
 * their own, which end with the warm-up.
 */
@NullMarked
package io.sentinelgateway.warmup;

import org.jspecify.annotations.NullMarked;
