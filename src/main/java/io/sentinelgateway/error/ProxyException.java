package io.sentinelgateway.error;

import org.jspecify.annotations.Nullable;

/** Carries a {@link ProxyError} through a future. It is control flow and has no stack trace. */
public final class ProxyException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final transient ProxyError error;

  ProxyException(ProxyError error, @Nullable Throwable cause) {
    super(error.code(), cause, false, false);
    this.error = error;
  }

  public ProxyError error() {
    return error;
  }
}
