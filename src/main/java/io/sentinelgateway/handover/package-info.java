/**
 * Hot restart: a process hands its listening sockets over to the one that follows it, so that no
 * connection is refused or lost in between. A socket is an open file; its descriptor goes through a
 * Unix socket (SCM_RIGHTS, unix(7)), and both processes then accept from the same queue until the
 * older one stops. Start at {@link io.sentinelgateway.handover.ListeningSockets} for what is handed
 * over, at {@link io.sentinelgateway.handover.Successor} for the older process, at {@link
 * io.sentinelgateway.handover.Predecessor} for the younger one.
 *
 * <p>Level 1: may use level 0. Only {@link io.sentinelgateway.handover.ListeningSockets} is known
 * to event loops; the rest blocks, and belongs to threads of its own.
 */
@NullMarked
package io.sentinelgateway.handover;

import org.jspecify.annotations.NullMarked;
