/**
 * How picks are divided among a number of choices with weights, as pure arithmetic: tables that are
 * computed once and read for each pick. A choice is known by its index; what it stands for, nobody
 * here knows. Start at {@link io.sentinelgateway.spread.Turns}. Level 0: uses no other room.
 * Everything is immutable; any thread.
 */
@NullMarked
package io.sentinelgateway.spread;

import org.jspecify.annotations.NullMarked;
