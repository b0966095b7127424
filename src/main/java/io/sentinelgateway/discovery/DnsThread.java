package io.sentinelgateway.discovery;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The thread that talks to name servers, begun when the first source needs it. It is not one of the
 * gateway's event loops: those may be driven in a way that the resolver has no sockets for.
 * Confined to one context.
 */
final class DnsThread implements AutoCloseable {

  private @Nullable EventLoopGroup group;

  EventLoop loop() {
    EventLoopGroup begun = group;
    if (begun == null) {
      begun =
          new MultiThreadIoEventLoopGroup(
              1, new DefaultThreadFactory("sentinel-dns", true), NioIoHandler.newFactory());
      group = begun;
    }
    return begun.next();
  }

  @Override
  public void close() {
    EventLoopGroup begun = group;
    if (begun != null) {
      begun.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
  }
}
