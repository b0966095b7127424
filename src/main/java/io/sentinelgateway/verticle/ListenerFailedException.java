package io.sentinelgateway.verticle;

import io.sentinelgateway.config.Address;

/** A listener could not be opened. */
final class ListenerFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String listener;

  ListenerFailedException(String listener, Address address, Throwable cause) {
    super(address + " cannot be opened: " + reason(address, cause), cause);
    this.listener = listener;
  }

  private static String reason(Address address, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("already in use")) {
      return "another process listens there (`ss -ltnp` names it)";
    }
    if (message.contains("ermission denied") && address.port() < 1024) {
      return "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE), or choose a higher one";
    }
    return message;
  }

  /** The listener's id. */
  String listener() {
    return listener;
  }
}
