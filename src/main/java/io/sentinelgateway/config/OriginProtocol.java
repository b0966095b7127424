package io.sentinelgateway.config;

/** What is spoken on connections to the targets of an upstream. */
public enum OriginProtocol {
  /** HTTP/1.1. */
  HTTP1,
  /** HTTP/2, without TLS by prior knowledge (RFC 9113 section 3.3). */
  HTTP2,
  /** With TLS whatever the origin server prefers (ALPN); without it HTTP/1.1. */
  AUTO
}
