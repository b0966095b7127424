package io.sentinelgateway.passthrough;

import io.sentinelgateway.config.PassthroughConfig;
import io.sentinelgateway.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection goes, by the configuration in force when it asked.
 *
 * @param upstream {@code null} when there is none for what it asked
 */
record Destination(PassthroughConfig settings, @Nullable Upstream upstream) {}
