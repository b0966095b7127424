package io.sentinelgateway.passthrough;

import io.netty.channel.Channel;
import io.sentinelgateway.config.PassthroughConfig;
import io.sentinelgateway.error.ProxyError;
import io.sentinelgateway.error.ProxyError.Cause;
import io.sentinelgateway.exchange.Client;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.listener.Introducers;
import io.sentinelgateway.listener.LoopContext;
import io.sentinelgateway.observe.ListenerMetrics;
import io.sentinelgateway.observe.PassageEnd;
import io.sentinelgateway.observe.PassageRecord;
import io.sentinelgateway.observe.Refusal;
import io.sentinelgateway.target.ClientAddresses;
import io.sentinelgateway.target.Lease;
import io.sentinelgateway.target.Outcome;
import io.sentinelgateway.target.Target;
import io.sentinelgateway.wire.Wire;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The life of one client's connection: for whom it comes and what it asks for, which target it goes
 * to, the bytes, the end. Its lease is held as long as it lives. Confined to one event loop.
 */
final class Passage implements Relay.Listener {

  private final PassthroughListener listener;
  private final LoopContext loop;
  private final ListenerMetrics metrics;
  private final PassageRecord record = new PassageRecord();
  private final Channel channel;
  private final Relay relay;
  private Client client;
  private boolean introducing;
  private boolean naming;
  private Timers.@Nullable Timeout patience;
  private @Nullable Choice choice;
  private @Nullable Lease lease;
  private @Nullable ProxyError failure;
  private boolean connected;
  private boolean over;

  Passage(PassthroughListener listener, LoopContext loop, Channel channel, Client peer) {
    this.listener = listener;
    this.loop = loop;
    this.metrics = listener.metrics();
    this.channel = channel;
    this.client = peer;
    this.relay = new Relay(channel, loop, this);
    record.listener = listener.id();
    record.startedNanos = loop.nanoTime();
  }

  // What the client says first.

  /**
   * @param introduced whether it says by a PROXY header for whom it comes
   * @param named whether the upstream depends on the name it asks for
   * @param limit for both
   */
  void begin(boolean introduced, boolean named, Duration limit) {
    introducing = introduced;
    naming = named;
    if (introduced || named) {
      patience = loop.timers().start(limit, this::late);
    }
    if (named) {
      channel.pipeline().addBefore(Relay.HANDLER, "server-name", new ServerNameReader(this));
    }
    if (introduced) {
      Wire.expectProxyHeader(channel, Introducers.introduction(this::introduced, metrics));
    } else if (!named) {
      choose("");
    }
  }

  private void introduced(@Nullable InetSocketAddress source) {
    introducing = false;
    if (source != null) {
      client = new Client(source.getAddress(), source.getPort(), source.getAddress(), false, false);
    }
    if (!naming) {
      choose("");
    }
  }

  /**
   * @param name empty for none
   */
  void asked(String name) {
    naming = false;
    record.serverName = name.isEmpty() ? null : name;
    choose(name);
  }

  void helloTooLarge() {
    refuse(Refusal.CLIENT_HELLO);
  }

  private void late() {
    patience = null;
    refuse(introducing ? Refusal.PROXY_HEADER_TIMEOUT : Refusal.CLIENT_HELLO_TIMEOUT);
  }

  private void refuse(Refusal why) {
    if (!over && record.refusal == null) {
      record.refusal = why;
      metrics.connectionRefused(why);
      relay.cut(PassageEnd.CLIENT);
    }
  }

  private void stopWaiting() {
    if (patience != null) {
      patience.cancel();
      patience = null;
    }
  }

  // Where it goes.

  private void choose(String name) {
    stopWaiting();
    relay.hold();
    Destination destination = listener.destination(name);
    if (destination.upstream() == null) {
      refuse(Refusal.SERVER_NAME);
      return;
    }
    record.upstream = destination.upstream().id();
    Choice chosen = new Choice(destination.upstream(), client, name, loop);
    ProxyError full = chosen.enter();
    if (full == null) {
      choice = chosen;
      connect(chosen, destination.settings());
    } else {
      fail(full);
    }
  }

  private void connect(Choice chosen, PassthroughConfig settings) {
    Lease next = record.attempts < settings.attempts() ? chosen.next() : null;
    if (next == null) {
      fail(failure == null ? chosen.refusal() : failure);
      return;
    }
    record.attempts++;
    record.target = next.target().name();
    lease = next;
    loop.connections()
        .connect(
            next.target(),
            addresses(),
            origin -> connected(origin, next, settings.idleTimeout()),
            error -> notConnected(error, next, chosen, settings));
  }

  /** {@code null} for one that came by a Unix socket. */
  private @Nullable ClientAddresses addresses() {
    return channel.localAddress() instanceof InetSocketAddress local
        ? new ClientAddresses(new InetSocketAddress(client.peer(), client.peerPort()), local)
        : null;
  }

  private void connected(Channel origin, Lease to, Duration idleTimeout) {
    if (over) {
      origin.close();
      return;
    }
    long now = loop.nanoTime();
    connected = true;
    record.connectedNanos = now;
    Target target = to.target();
    to.answered(now);
    // Judged now: whether it can be connected to is known, though it stays in use for hours.
    to.settle(Outcome.SUCCESS, now);
    target.state().forgive();
    loop.attempted(target.key().upstream(), Outcome.SUCCESS);
    relay.join(origin, idleTimeout);
  }

  private void notConnected(ProxyError error, Lease to, Choice chosen, PassthroughConfig settings) {
    boolean ours = error.cause() == Cause.POOL_FULL || error.cause() == Cause.CONNECTION_LIMIT;
    Outcome outcome = ours ? Outcome.IGNORED : Outcome.FAILURE;
    to.release(outcome, loop.nanoTime());
    loop.attempted(to.target().key().upstream(), outcome);
    failure = error;
    if (!over) {
      connect(chosen, settings);
    }
  }

  private void fail(ProxyError error) {
    record.error = error;
    relay.cut(PassageEnd.UNREACHABLE);
  }

  // The bytes, and the end.

  @Override
  public void toOrigin(int bytes) {
    record.bytesFromClient += bytes;
    metrics.passedToOrigin(bytes);
  }

  @Override
  public void toClient(int bytes) {
    record.bytesFromOrigin += bytes;
    metrics.passedToClient(bytes);
  }

  /** The patience of its listener is over. */
  void cut() {
    relay.cut(PassageEnd.DRAIN);
  }

  @Override
  public void ended(PassageEnd how) {
    over = true;
    stopWaiting();
    long now = loop.nanoTime();
    if (lease != null) {
      lease.release(connected ? Outcome.SUCCESS : Outcome.IGNORED, now);
    }
    if (choice != null) {
      choice.leave();
    }
    record.end = record.refusal == null ? how : null;
    record.endedNanos = now;
    listener.ended(this, client, record);
  }
}
