/**
 * Where the text of a configuration comes from, and where the last good one is kept. What is read
 * is one moment's content, or refused; what it says is decided in {@code yaml}.
 *
 * <p>Start at {@link io.sentinelgateway.source.ConfigSource}, a file or a directory; it gives
 * {@link io.sentinelgateway.source.Sources}. {@link io.sentinelgateway.source.LastKnownGood} is
 * what a start falls back on.
 *
 * <p>Level 1: may use {@code config}, for problems. Texts are immutable and may be used by any
 * thread; reading and keeping them blocks, so it happens off the event loops.
 */
@NullMarked
package io.sentinelgateway.source;

import org.jspecify.annotations.NullMarked;
