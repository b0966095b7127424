package io.sentinelgateway.tunnel;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sentinelgateway.exchange.Loop;
import io.sentinelgateway.exchange.Timers;
import io.sentinelgateway.exchange.TunnelEnd;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What the gateway itself says on a WebSocket whose frames it knows: pings to the client, and close
 * frames to both sides when it ends the tunnel (RFC 6455 sections 5.5 and 7.4). Confined to one
 * event loop.
 */
final class Keeper {

  private static final int GOING_AWAY = 1001;
  private static final int PROTOCOL_ERROR = 1002;
  private static final int TOO_LARGE = 1009;

  private final Tunnel tunnel;
  private final Loop loop;
  private final FrameLimits limits;
  private final Frames toOrigin;
  private final Frames toClient;
  private @Nullable TunnelSide client;
  private @Nullable TunnelSide origin;
  private @Nullable TunnelEnd parting;
  private Timers.@Nullable Timeout timer;
  private long heard;

  Keeper(Tunnel tunnel, Loop loop, FrameLimits limits) {
    this.tunnel = tunnel;
    this.loop = loop;
    this.limits = limits;
    this.toOrigin = new Frames(this, limits, true);
    this.toClient = new Frames(this, limits, false);
  }

  void watch(TunnelSide clientSide, TunnelSide originSide) {
    client = clientSide;
    origin = originSide;
    clientSide.inspect(toOrigin);
    originSide.inspect(toClient);
  }

  void start() {
    Duration interval = limits.ping();
    if (interval != null) {
      heard = -1;
      timer = loop.timers().start(interval, () -> ping(interval));
    }
  }

  /** Whoever has sent nothing since the last ping, not even its pong, is not there. */
  private void ping(Duration interval) {
    TunnelSide to = client;
    if (to == null || !tunnel.open()) {
      return;
    }
    if (to.received() == heard) {
      tunnel.close(TunnelEnd.SILENT);
      return;
    }
    heard = to.received();
    toClient.send(Unpooled.wrappedBuffer(new byte[] {(byte) 0x89, 0}), to);
    timer = loop.timers().start(interval, () -> ping(interval));
  }

  void stop() {
    toClient.discard();
    toOrigin.discard();
    if (timer != null) {
      timer.cancel();
    }
  }

  void goAway() {
    part(TunnelEnd.DRAIN, GOING_AWAY);
  }

  /** A frame came that must not be passed on. */
  void violated(TunnelEnd violation) {
    part(violation, violation == TunnelEnd.TOO_LARGE ? TOO_LARGE : PROTOCOL_ERROR);
  }

  private void part(TunnelEnd reason, int code) {
    TunnelSide clientSide = client;
    TunnelSide originSide = origin;
    if (parting == null && clientSide != null && originSide != null) {
      parting = reason;
      toClient.sendLast(closeFrame(code, false), clientSide);
      toOrigin.sendLast(closeFrame(code, true), originSide);
    }
  }

  /** One direction has come to its end. */
  void parted() {
    if (parting != null && toClient.ended() && toOrigin.ended()) {
      tunnel.part(parting);
    }
  }

  /** Masked, where a client would: with zeros, which hide nothing and change nothing. */
  private static ByteBuf closeFrame(int code, boolean masked) {
    ByteBuf frame = Unpooled.buffer(8, 8).writeByte(0x88);
    if (masked) {
      frame.writeByte(0x82).writeInt(0);
    } else {
      frame.writeByte(2);
    }
    return frame.writeShort(code);
  }
}
