/**
 * The commands. Start at {@link io.sentinelgateway.cli.Sentinel}. The only room that prints. Level
 * 7: may use every room. Runs on the main thread.
 */
@NullMarked
package io.sentinelgateway.cli;

import org.jspecify.annotations.NullMarked;
