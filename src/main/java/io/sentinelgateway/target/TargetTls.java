package io.sentinelgateway.target;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.schema.Address;
import javax.net.ssl.X509TrustManager;

/**
 * How TLS is spoken with a target. Thread-safe; shared by all loops, and by all targets with equal
 * settings. What one handshake has agreed on may be resumed by a later one of the same instance.
 */
public interface TargetTls {

  /**
   * For the pipeline of one connection, which it secures as soon as it is there.
   *
   * @param target whose name is asked for, and looked for in the certificate, if none is configured
   * @param limitMillis for the handshake, greater than 0
   */
  SslHandler handler(ByteBufAllocator allocator, Address target, long limitMillis);

  /** What it was made from. */
  OriginTlsConfig settings();

  /** Judges certificates of the target, for whoever connects to it in another way. */
  X509TrustManager trust();
}
