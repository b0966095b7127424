package io.sentinelgateway.observe;

import java.util.List;

/**
 * The values of the label {@code method}. A client may send any token as a method, so those that
 * nobody registered share one label.
 */
enum MethodLabel {
  GET,
  HEAD,
  POST,
  PUT,
  DELETE,
  PATCH,
  OPTIONS,
  CONNECT,
  TRACE,
  OTHER;

  private static final List<MethodLabel> ALL = List.of(values());

  static MethodLabel at(int index) {
    return ALL.get(index);
  }

  // The number is a key in memory, never stored or sent: another order of constants changes
  // nothing.
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  static MethodLabel of(String method) {
    return switch (method) {
      case "GET" -> GET;
      case "HEAD" -> HEAD;
      case "POST" -> POST;
      case "PUT" -> PUT;
      case "DELETE" -> DELETE;
      case "PATCH" -> PATCH;
      case "OPTIONS" -> OPTIONS;
      case "CONNECT" -> CONNECT;
      case "TRACE" -> TRACE;
      default -> OTHER;
    };
  }
}
