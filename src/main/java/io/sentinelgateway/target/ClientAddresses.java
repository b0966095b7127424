package io.sentinelgateway.target;

import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Both ends of a client's connection.
 *
 * @param client its own
 * @param gateway the one that it connected to
 */
public record ClientAddresses(InetSocketAddress client, InetSocketAddress gateway) {

  /**
   * Both, or {@code null} when the client connected to something that is no address and port.
   *
   * @param local where the client connected to
   */
  public static @Nullable ClientAddresses of(
      InetAddress peer, int peerPort, @Nullable SocketAddress local) {
    return local == null || local.isDomainSocket() || local.hostAddress() == null
        ? null
        : new ClientAddresses(
            new InetSocketAddress(peer, peerPort),
            new InetSocketAddress(local.hostAddress(), local.port()));
  }
}
