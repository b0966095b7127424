package io.sentinelgateway.handover;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.TcpConfig;
import io.vertx.core.transport.Transport;
import java.net.SocketAddress;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A transport of the library, but for who makes its listening sockets. Thread-safe. */
final class KnownTransport implements Transport, io.vertx.core.spi.transport.Transport {

  private final Transport known;
  private final io.vertx.core.spi.transport.Transport real;
  private final ListeningSockets sockets;

  KnownTransport(Transport known, ListeningSockets sockets) {
    this.known = known;
    this.real = known.implementation();
    this.sockets = sockets;
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean unix) {
    ChannelFactory<? extends ServerChannel> factory = real.serverChannelFactory(unix);
    return () -> {
      ServerChannel inherited = unix ? null : sockets.takeOver();
      ServerChannel channel = inherited == null ? factory.newChannel() : inherited;
      sockets.made(channel);
      return channel;
    };
  }

  @Override
  public String name() {
    return known.name();
  }

  @Override
  public boolean available() {
    return known.available();
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return known.unavailabilityCause();
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }

  @Override
  public boolean supportsDomainSockets() {
    return real.supportsDomainSockets();
  }

  @Override
  public boolean supportFileRegion() {
    return real.supportFileRegion();
  }

  @Override
  public boolean isAvailable() {
    return real.isAvailable();
  }

  @Override
  public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
    return real.convert(address);
  }

  @Override
  public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
    return real.convert(address);
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return real.ioHandlerFactory();
  }

  @Override
  public EventLoopGroup eventLoopGroup(int type, int threads, ThreadFactory factory, int ratio) {
    return real.eventLoopGroup(type, threads, factory, ratio);
  }

  @Override
  @SuppressWarnings("deprecation") // the library's own
  public DatagramChannel datagramChannel(
      io.netty.channel.socket.@Nullable InternetProtocolFamily family) {
    return real.datagramChannel(family);
  }

  @Override
  public ChannelFactory<? extends DatagramChannel> datagramChannelFactory() {
    return real.datagramChannelFactory();
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean unix) {
    return real.channelFactory(unix);
  }

  @Override
  public void configure(DatagramChannel channel, DatagramSocketOptions options) {
    real.configure(channel, options);
  }

  @Override
  public void configure(TcpConfig options, boolean unix, Bootstrap bootstrap) {
    real.configure(options, unix, bootstrap);
  }

  @Override
  public void configure(TcpConfig options, boolean unix, ServerBootstrap bootstrap) {
    real.configure(options, unix, bootstrap);
  }
}
