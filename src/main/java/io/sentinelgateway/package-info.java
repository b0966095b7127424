/** The program: {@link io.sentinelgateway.Main} starts the commands in {@code cli}. */
@NullMarked
package io.sentinelgateway;

import org.jspecify.annotations.NullMarked;
