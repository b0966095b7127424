/**
 * Every way an exchange can fail, in one sealed table: {@link io.sentinelgateway.error.ProxyError}.
 * Level 0: knows no other room. Immutable; any thread.
 */
@NullMarked
package io.sentinelgateway.error;

import org.jspecify.annotations.NullMarked;
