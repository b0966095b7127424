/**
 * The control plane's conversations: typed event-bus addresses and the immutable messages on them.
 * Start at {@link io.sentinelgateway.bus.Topics}. Level 5: may use levels 0 to 4. Messages stay in
 * this process and are handed over by reference. No request ever passes here.
 */
@NullMarked
package io.sentinelgateway.bus;

import org.jspecify.annotations.NullMarked;
