package io.sentinelgateway.observe;

import java.util.Locale;

/** Why a connection was closed before it could ask anything; a bounded set, for metrics. */
public enum Refusal {
  /** The listener holds as many as it may. */
  LIMIT,
  /** It comes from nobody who may announce clients by the PROXY protocol. */
  SOURCE,
  /** What should be a PROXY header is none. */
  PROXY_HEADER,
  /** The PROXY header is not complete in time. */
  PROXY_HEADER_TIMEOUT,
  /** No upstream is named for what it asks for. */
  SERVER_NAME,
  /** What should be the beginning of a TLS handshake is too large. */
  CLIENT_HELLO,
  /** The beginning of the TLS handshake is not complete in time. */
  CLIENT_HELLO_TIMEOUT;

  private final String word = name().toLowerCase(Locale.ROOT);

  String word() {
    return word;
  }
}
