package io.sentinelgateway.filter;

import io.sentinelgateway.agent.Agent;
import io.sentinelgateway.config.ServerConfig;
import io.sentinelgateway.upstream.Upstream;

/** What filters are built with. */
public interface FilterWiring {

  ServerConfig server();

  Plugins plugins();

  /** The agent of this id in the configuration that is being compiled. */
  Agent agent(String id);

  /** The upstream of this id in the same configuration. */
  Upstream upstream(String id);
}
