package io.sentinelgateway.exchange;

/** Changes the head of an answer just before it is written. Must not block or fail. */
@FunctionalInterface
public interface ResponseHook {
  void beforeHead(Exchange exchange, ProxyResponse response);
}
