package io.sentinelgateway.filter;

import io.sentinelgateway.config.ServerConfig;

/** What filters are built with. */
public interface FilterWiring {

  ServerConfig server();

  Plugins plugins();
}
