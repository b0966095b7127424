package io.sentinelgateway.tunnel;

import io.netty.channel.ChannelInboundHandler;
import io.sentinelgateway.exchange.Body.Switch.Ended;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.exchange.TunnelEnd;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Two connections that have left HTTP together. Confined to their event loop.
 *
 * <p>When one side says that it will send nothing more, the other one is told so and may go on.
 * What has been read is delivered before a connection is closed, unless a limit ends the tunnel.
 */
public final class Tunnel {

  private enum Phase {
    WAITING,
    OPEN,
    /** Nothing more is read; what was read is on its way. */
    CLOSING,
    OVER
  }

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Loop loop;
  private final TunnelLimits limits;
  private final TunnelSide client = new TunnelSide(this);
  private final TunnelSide origin = new TunnelSide(this);
  private final @Nullable Keeper keeper;
  private Phase phase = Phase.WAITING;
  private @Nullable TunnelEnd reason;
  private @Nullable Ended told;
  private Timers.@Nullable Timeout idle;
  private Timers.@Nullable Timeout duration;
  private long movedNanos;

  public Tunnel(Loop loop, TunnelLimits limits) {
    this.loop = loop;
    this.limits = limits;
    this.keeper = limits.frames() == null ? null : new Keeper(this, loop, limits.frames());
    if (keeper != null) {
      keeper.watch(client, origin);
    }
  }

  /** Takes the bytes of the origin server's connection; they are kept until {@link #open}. */
  public ChannelInboundHandler origin() {
    return origin;
  }

  /**
   * Joins the connections.
   *
   * @param connect puts a handler in charge of the client's connection
   * @param ended told once, when both are closed
   */
  public void open(Consumer<ChannelInboundHandler> connect, Ended ended) {
    told = ended;
    connect.accept(client);
    if (phase != Phase.WAITING) {
      // It was closed before.
      client.close();
      over();
      return;
    }
    phase = Phase.OPEN;
    movedNanos = loop.nanoTime();
    idle = loop.timers().start(limits.idle(), this::look);
    Duration most = limits.duration();
    if (most != null) {
      duration = loop.timers().start(most, () -> close(TunnelEnd.DURATION));
    }
    if (keeper != null) {
      keeper.start();
    }
    origin.start();
    client.start();
  }

  boolean open() {
    return phase == Phase.OPEN;
  }

  /** True when nothing more is read. */
  boolean closing() {
    return phase == Phase.CLOSING || phase == Phase.OVER;
  }

  TunnelSide other(TunnelSide side) {
    return side == client ? origin : client;
  }

  // Time.

  /** A byte came, or went out. */
  void moved() {
    movedNanos = loop.nanoTime();
  }

  private void look() {
    Duration left = limits.idle().minusNanos(loop.nanoTime() - movedNanos);
    if (left.isNegative() || left.isZero()) {
      close(TunnelEnd.IDLE);
    } else {
      idle = loop.timers().start(left, this::look);
    }
  }

  // The end.

  void inputEnded(TunnelSide by) {
    if (phase == Phase.CLOSING) {
      by.closeWhenWritten();
    }
    if (phase != Phase.OPEN) {
      return;
    }
    note(by == client ? TunnelEnd.CLIENT : TunnelEnd.ORIGIN);
    if (other(by).ended()) {
      finish();
    } else {
      other(by).endOutput();
    }
  }

  /** Says to both sides that nothing more comes, and gives them a moment to close. */
  void part(TunnelEnd why) {
    note(why);
    if (phase == Phase.OPEN) {
      phase = Phase.CLOSING;
      for (TunnelSide side : List.of(client, origin)) {
        side.endOutput();
        side.drop();
      }
      Timers.cancel(duration);
      duration = loop.timers().start(PATIENCE, () -> close(why));
    }
  }

  /** Ends with what has been read. */
  private void finish() {
    if (phase == Phase.OPEN) {
      phase = Phase.CLOSING;
      client.closeWhenWritten();
      origin.closeWhenWritten();
    }
  }

  void inactive(TunnelSide side) {
    note(side == client ? TunnelEnd.CLIENT : TunnelEnd.ORIGIN);
    finish();
    if (client.inactive() && origin.inactive()) {
      over();
    }
  }

  void broken(TunnelSide side) {
    close(side == client ? TunnelEnd.CLIENT : TunnelEnd.ORIGIN);
  }

  /** Ends it at once. Idempotent. */
  public void close(TunnelEnd why) {
    note(why);
    if (phase != Phase.OVER) {
      phase = Phase.CLOSING;
      origin.close();
      client.close();
    }
  }

  /**
   * Ends it as politely as its protocol allows: a WebSocket whose frames are known is told 1001.
   */
  public void drain() {
    if (phase == Phase.OPEN && keeper != null) {
      keeper.goAway();
    } else if (phase == Phase.OPEN) {
      part(TunnelEnd.DRAIN);
    }
  }

  private void note(TunnelEnd why) {
    if (reason == null) {
      reason = why;
    }
  }

  private void over() {
    Ended listener = told;
    if (phase == Phase.OVER || listener == null) {
      return;
    }
    phase = Phase.OVER;
    Timers.cancel(idle);
    Timers.cancel(duration);
    if (keeper != null) {
      keeper.stop();
    }
    TunnelEnd why = reason == null ? TunnelEnd.ORIGIN : reason;
    listener.ended(why, client.received(), origin.received());
  }
}
