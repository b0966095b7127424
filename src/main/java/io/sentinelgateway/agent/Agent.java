package io.sentinelgateway.agent;

import io.sentinelgateway.config.AgentConfig;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.schema.Address;
import io.vertx.core.Future;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import io.vertx.core.net.SocketAddress;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program outside of the gateway that is asked about exchanges, with the settings of some
 * configuration versions. Thread-safe; what it has on each event loop belongs to that loop.
 */
public final class Agent {

  private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
  private static final int USUAL_CHUNK = 64 << 10;

  private final String id;
  private final AgentConfig config;
  private final NetClient client;
  private final AgentCounts counts;
  private final AtomicReferenceArray<@Nullable AgentLink> links;
  private final AtomicInteger connections = new AtomicInteger();
  private volatile @Nullable Capabilities capabilities;
  private volatile String trouble = "not connected yet";
  private volatile boolean said;

  /**
   * @param counts of all agents of this id, whatever their settings
   * @param loops number of event loops
   */
  Agent(String id, AgentConfig config, NetClient client, AgentCounts counts, int loops) {
    this.id = id;
    this.config = config;
    this.client = client;
    this.counts = counts;
    this.links = new AtomicReferenceArray<>(loops);
  }

  public String id() {
    return id;
  }

  public AgentConfig config() {
    return config;
  }

  public AgentCounts counts() {
    return counts;
  }

  /** Connections that take questions, of all event loops. */
  public int connections() {
    return connections.get();
  }

  /** What it said of itself; {@code null} before the first connection. */
  public @Nullable Capabilities capabilities() {
    return capabilities;
  }

  /** Why there is no connection, or why the last one ended. */
  public String trouble() {
    return trouble;
  }

  /** Begins to connect from this loop. Idempotent; to be called on the loop. */
  public void open(Loop loop) {
    link(loop).open();
  }

  /** Begins to tell it of an exchange. The caller closes what it gets. */
  public Session begin(Exchange exchange) {
    return new Session(link(exchange.loop()), exchange);
  }

  private AgentLink link(Loop loop) {
    AgentLink known = links.get(loop.index());
    if (known == null) {
      // Only this loop writes this place.
      known = new AgentLink(this, loop);
      links.set(loop.index(), known);
    }
    return known;
  }

  /** No configuration version names it any more; sessions under way go on. */
  void retire() {
    for (int i = 0; i < links.length(); i++) {
      AgentLink link = links.get(i);
      if (link != null) {
        link.retire();
      }
    }
  }

  Future<NetSocket> connect() {
    Address address = config.address();
    return client.connect(
        address.unix()
            ? SocketAddress.domainSocketAddress(address.host())
            : SocketAddress.inetSocketAddress(address.port(), address.host()));
  }

  int chunkBytes() {
    Capabilities said = capabilities;
    return said == null ? USUAL_CHUNK : said.chunkBytes();
  }

  void up(Capabilities shown) {
    capabilities = shown;
    if (connections.getAndIncrement() == 0) {
      said = false;
      LOG.info("agent {} is there: {} {}", id, shown.name(), shown.version());
    }
  }

  void down(String why) {
    trouble = why;
    if (connections.decrementAndGet() == 0) {
      say("agent {} is gone: {}", why);
    }
  }

  void unreachable(String why) {
    trouble = why;
    if (connections.get() == 0) {
      say("agent {} cannot be reached: {}", why);
    }
  }

  /** One line for each time that it goes, not one for each attempt. */
  private void say(String message, String why) {
    if (!said) {
      said = true;
      LOG.warn(message, id, why);
    }
  }
}
