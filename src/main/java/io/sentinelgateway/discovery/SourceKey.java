package io.sentinelgateway.discovery;

import io.sentinelgateway.config.DiscoverySettings;

/**
 * Identity of a running source over configuration versions: while both stay equal, it runs on.
 *
 * @param upstream id
 * @param settings of the source
 */
public record SourceKey(String upstream, DiscoverySettings settings) {}
