/**
 * One class per filter, each with its settings; {@link io.sentinelgateway.filter.FilterKinds} is
 * the list of them and the place to start. Level 3: may use level 2 and below. Filters are built
 * when a snapshot is compiled, off the request path; they hold only final fields and are shared by
 * all event loops. What they keep about a request stays on the event loop of its exchange.
 */
@NullMarked
package io.sentinelgateway.filter;

import org.jspecify.annotations.NullMarked;
