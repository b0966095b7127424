package io.sentinelgateway.verticle;

import io.sentinelgateway.schema.Address;
import io.sentinelgateway.schema.Problems;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.List;

/** A listener could not be opened. */
final class ListenerFailedException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final List<String> keys;

  /**
   * @param keys lead to the listener in the configuration
   */
  ListenerFailedException(List<String> keys, Address address, Throwable cause) {
    super(address + " cannot be opened: " + reason(address, cause), cause);
    this.keys = List.copyOf(keys);
  }

  private static String reason(Address address, Throwable cause) {
    String message = String.valueOf(cause.getMessage());
    if (message.contains("already in use")) {
      return "another process listens there (`ss -ltnp` names it)";
    }
    if (cause instanceof UserPrincipalNotFoundException unknown) {
      return "there is no user or group " + unknown.getName();
    }
    if (message.contains("ermission denied") && !address.unix() && address.port() < 1024) {
      return "ports below 1024 need a privilege (CAP_NET_BIND_SERVICE), or choose a higher one";
    }
    return message;
  }

  /** Adds what is wrong at the place of the address. */
  void report(Problems problems) {
    Problems place = problems;
    for (String key : keys) {
      place = place.at(key);
    }
    place.at("address").error(String.valueOf(getMessage()));
  }
}
