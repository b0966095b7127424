/**
 * Decides which of several upstreams a request goes to: by a condition, by what its client got
 * before, or by chance. Start at {@link io.sentinelgateway.split.Split}. Level 2: may use levels 0
 * to 2. Everything is immutable and shared by all event loops.
 */
@NullMarked
package io.sentinelgateway.split;

import org.jspecify.annotations.NullMarked;
