package io.sentinelgateway.agent;

import io.sentinelgateway.config.AgentConfig;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * All agents, over configuration versions: one whose settings did not change keeps its connections.
 * Thread-safe.
 */
public final class Agents {

  private static final int CONNECT_MILLIS = 10_000;

  private final NetClient client;
  private final int loops;
  private final Map<Key, Agent> agents = new ConcurrentHashMap<>();
  private final Map<String, AgentCounts> counts = new ConcurrentHashMap<>();

  private record Key(String id, AgentConfig config) {}

  /**
   * @param loops number of event loops that will ask
   */
  public Agents(Vertx vertx, int loops) {
    this.client =
        vertx.createNetClient(
            new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true));
    this.loops = loops;
  }

  /** The agent of this id and with these settings; nothing is connected yet. */
  public Agent get(String id, AgentConfig config) {
    AgentCounts counted = counts.computeIfAbsent(id, k -> new AgentCounts());
    return agents.computeIfAbsent(
        new Key(id, config), key -> new Agent(id, config, client, counted, loops));
  }

  /** Those of the configuration in force, once {@link #retain} was told of it. */
  public Collection<Agent> all() {
    return List.copyOf(agents.values());
  }

  /** Retires all others. */
  public void retain(Map<String, AgentConfig> inForce) {
    agents
        .entrySet()
        .removeIf(
            entry -> {
              boolean gone = !entry.getKey().config().equals(inForce.get(entry.getKey().id()));
              if (gone) {
                entry.getValue().retire();
              }
              return gone;
            });
    counts.keySet().retainAll(inForce.keySet());
  }
}
