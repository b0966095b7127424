/**
 * The rules of RFC 9110 and 9112 that a gateway must keep, as pure functions: hop-by-hop fields,
 * request target, authority, field syntax. Level 0: knows no other room. Stateless; any thread.
 */
@NullMarked
package io.sentinelgateway.http;

import org.jspecify.annotations.NullMarked;
