package io.sentinelgateway.listener;

import io.sentinelgateway.schema.Address;
import io.vertx.core.net.SocketAddress;

/** Where a listener binds, as the library wants it. */
public final class ListenerAddress {

  private ListenerAddress() {}

  /**
   * What its socket is called when it is handed over.
   *
   * @param id of the listener
   */
  public static String name(String id, Address address) {
    return address.port() == 0 ? id + '@' + address : address.toString();
  }

  /**
   * A port that is left to the system must be the same on all loops, and stay it.
   *
   * @param id of the listener
   */
  public static SocketAddress of(String id, Address address) {
    if (address.unix()) {
      return SocketAddress.domainSocketAddress(address.host());
    }
    return address.port() == 0
        ? SocketAddress.sharedRandomPort(1 + (id.hashCode() & 0x3fffffff), address.host())
        : SocketAddress.inetSocketAddress(address.port(), address.host());
  }
}
