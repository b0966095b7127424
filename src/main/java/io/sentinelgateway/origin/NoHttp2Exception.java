package io.sentinelgateway.origin;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Somebody took the connection, and does not speak HTTP/2 on it. */
final class NoHttp2Exception extends IOException {

  private static final long serialVersionUID = 1L;

  NoHttp2Exception(@Nullable Throwable cause) {
    super("no HTTP/2", cause);
  }
}
