package io.sentinelgateway.passthrough;

import io.netty.channel.Channel;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.observe.PassageEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A client's connection and, some time later, that to an origin server: bytes, half-closes and
 * closes go from one to the other. When one side says that it will send nothing more, the other one
 * is told so and may go on. What has been read is delivered before a connection is closed, unless
 * the passage is cut. Confined to their event loop.
 */
final class Relay {

  /** The name of its handlers in the pipelines. */
  static final String HANDLER = "passage";

  /** Hears what comes through, on the event loop. */
  interface Listener {

    void toOrigin(int bytes);

    void toClient(int bytes);

    /** Both connections are closed; called once. */
    void ended(PassageEnd how);
  }

  private final Loop loop;
  private final Listener listener;
  private final Side client;
  private @Nullable Side origin;
  private @Nullable PassageEnd reason;
  private Timers.@Nullable Timeout idle;
  private long movedNanos;
  private boolean closing;
  private boolean over;

  Relay(Channel client, Loop loop, Listener listener) {
    this.loop = loop;
    this.listener = listener;
    this.client = new Side(client, this);
    client.pipeline().addLast(HANDLER, this.client);
  }

  /** Lets the client wait, and what it has sent. */
  void hold() {
    client.hold();
  }

  /**
   * Joins the two.
   *
   * @param idleTimeout without a byte in either direction
   */
  void join(Channel channel, Duration idleTimeout) {
    Side there = new Side(channel, this);
    origin = there;
    channel.pipeline().addLast(HANDLER, there);
    if (closing) {
      there.close();
      return;
    }
    movedNanos = loop.nanoTime();
    idle = loop.timers().start(idleTimeout, () -> look(idleTimeout));
    there.join(client);
    client.join(there);
  }

  /** True when nothing more is passed on. */
  boolean closing() {
    return closing;
  }

  void passed(Side from, int bytes) {
    moved();
    if (from == client) {
      listener.toOrigin(bytes);
    } else {
      listener.toClient(bytes);
    }
  }

  void moved() {
    movedNanos = loop.nanoTime();
  }

  private void look(Duration timeout) {
    Duration left = timeout.minusNanos(loop.nanoTime() - movedNanos);
    if (left.isNegative() || left.isZero()) {
      cut(PassageEnd.IDLE);
    } else {
      idle = loop.timers().start(left, () -> look(timeout));
    }
  }

  private PassageEnd end(Side by) {
    return by == client ? PassageEnd.CLIENT : PassageEnd.ORIGIN;
  }

  private void note(PassageEnd how) {
    if (reason == null) {
      reason = how;
    }
  }

  private @Nullable Side other(Side side) {
    return side == client ? origin : client;
  }

  void inputEnded(Side by) {
    Side other = other(by);
    if (closing || other == null) {
      return;
    }
    note(end(by));
    if (other.ended()) {
      finish();
    } else {
      other.endOutput();
    }
  }

  /** Ends with what has been read; the idle timeout still watches over what is written. */
  private void finish() {
    if (!closing) {
      closing = true;
      client.closeWhenWritten();
      if (origin != null) {
        origin.closeWhenWritten();
      }
    }
  }

  void gone(Side side) {
    note(end(side));
    finish();
    Side there = origin;
    if (!over && client.gone() && (there == null || there.gone())) {
      over = true;
      if (idle != null) {
        idle.cancel();
      }
      listener.ended(reason == null ? end(side) : reason);
    }
  }

  void broken(Side side) {
    cut(end(side));
  }

  /** Closes both at once. Idempotent. */
  void cut(PassageEnd why) {
    note(why);
    closing = true;
    if (origin != null) {
      origin.close();
    }
    client.close();
  }
}
