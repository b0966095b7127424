package io.sentinelgateway.target;

import io.sentinelgateway.config.OriginProtocol;
import io.sentinelgateway.config.OriginTlsConfig;
import io.sentinelgateway.config.UpstreamConfig;
import java.util.Optional;

/**
 * What a handshake with a target depends on. Nothing that was agreed on under one policy is ever
 * used under another.
 *
 * @param protocol that is offered (ALPN, RFC 7301)
 */
public record TlsPolicy(OriginTlsConfig settings, OriginProtocol protocol) {

  /** The one of an upstream; empty when it is spoken with in the clear. */
  public static Optional<TlsPolicy> of(UpstreamConfig upstream) {
    return upstream.tls().map(settings -> new TlsPolicy(settings, upstream.protocol()));
  }
}
