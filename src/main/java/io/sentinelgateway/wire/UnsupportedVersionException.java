package io.sentinelgateway.wire;

/** A request is HTTP, but of a version that is not spoken here. Has no stack trace. */
public final class UnsupportedVersionException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnsupportedVersionException() {
    super("unsupported version of HTTP", null, false, false);
  }
}
