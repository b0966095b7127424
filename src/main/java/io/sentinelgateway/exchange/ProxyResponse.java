package io.sentinelgateway.exchange;

import io.vertx.core.MultiMap;

/**
 * The answer to a request while it goes back through the filters. There is one per exchange: its
 * fields are those of the client's response, so nothing is copied twice. Confined to one loop.
 */
public final class ProxyResponse {

  private final MultiMap fields;
  private int status = 200;
  private Body body = Body.NONE;

  public ProxyResponse(MultiMap fields) {
    this.fields = fields;
  }

  public int status() {
    return status;
  }

  public ProxyResponse status(int code) {
    status = code;
    return this;
  }

  /** Field lines of the answer; live. Framing fields and Connection are the writer's. */
  public MultiMap fields() {
    return fields;
  }

  public Body body() {
    return body;
  }

  public ProxyResponse body(Body content) {
    body = content;
    return this;
  }
}
