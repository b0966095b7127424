package io.sentinelgateway.wire;

/** Hears how the TLS handshake of a connection ended, once, on its event loop. */
public interface Handshakes {

  void completed();

  /** The connection is closed after this. */
  void failed(Throwable cause);
}
