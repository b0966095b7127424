package io.sentinelgateway.filter;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.config.ServerConfig;

/** What filters are built with. */
public interface FilterWiring {

  ServerConfig server();

  Plugins plugins();

  /** The agent of this id in the configuration that is being compiled. */
  Agent agent(String id);
}
