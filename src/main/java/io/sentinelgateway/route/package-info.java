/**
 * Decides which route a request takes. Start at {@link io.sentinelgateway.route.RouteTable}; {@link
 * io.sentinelgateway.route.RouteCompiler} makes routes of configuration, {@link
 * io.sentinelgateway.route.Explanation} says why a route was taken, {@link
 * io.sentinelgateway.route.Shadowed} finds routes that never are.
 *
 * <p>A route becomes one {@code Rule} for each kind of host pattern it has. Rules stand in one
 * total order: priority; host (exact, wildcard, regex, any); path (exact, then the longer literal
 * beginning of a prefix or a template, then regex, then none); number of other conditions; order of
 * the file. The first rule in that order whose conditions all hold wins. The table only spares the
 * look at rules whose host or path cannot hold.
 *
 * <p>Level 2: may use {@code exchange}, {@code target} and level 0. Everything is immutable and
 * shared by all loops, but for {@code Subject}, which lives as long as one lookup.
 */
@NullMarked
package io.sentinelgateway.route;

import org.jspecify.annotations.NullMarked;
