/**
 * Agents: programs outside of the gateway that are asked what is to be done with a request. {@link
 * io.sentinelgateway.agent.Agent} is one of them, {@link io.sentinelgateway.agent.Session} what it
 * hears of one exchange; start there. Level 2: may use level 1 and below. An {@code Agent} is
 * shared by all event loops; its connections, and everything below them, belong to one loop each.
 *
 * <p>The protocol is version 2 of the Zentinel project's, over Unix or TCP sockets: a length of 4
 * bytes, a type of 1 byte, and JSON. Facts about it that look odd, such as the place of the
 * correlation id in an answer, are its own.
 */
@NullMarked
package io.sentinelgateway.agent;

import org.jspecify.annotations.NullMarked;
