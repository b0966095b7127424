package io.sentinelgateway.wire;

import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** Hears how a connection introduces itself by a PROXY header, once, on its event loop. */
public interface Introductions {

  /**
   * A header came.
   *
   * @param source the client it names; {@code null} when it names none
   */
  void introduced(@Nullable InetSocketAddress source);

  /** What came is no header. The connection is closed after this. */
  void refused();
}
