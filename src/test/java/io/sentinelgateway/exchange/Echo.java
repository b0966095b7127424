package io.sentinelgateway.exchange;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import java.util.Map;

/** A terminal handler that answers with the request that would have been sent to the origin. */
public final class Echo implements Handler {

  @Override
  public Future<ProxyResponse> handle(Exchange exchange) {
    Buffer seen = Buffer.buffer(exchange.method() + ' ' + exchange.target() + '\n');
    if (exchange.authority() != null) {
      seen.appendString("authority: " + exchange.authority() + '\n');
    }
    for (Map.Entry<String, String> field : exchange.head().fields()) {
      seen.appendString(field.getKey() + ": " + field.getValue() + '\n');
    }
    RequestBody content = exchange.content();
    ProxyResponse response = exchange.response().status(200).body(new Body.Bytes(seen));
    response.fields().set("content-type", "text/plain");
    if (!content.present()) {
      return Future.succeededFuture(response);
    }
    seen.appendString("\n");
    Promise<ProxyResponse> answered = Promise.promise();
    content.read(seen::appendBuffer, v -> answered.complete(response), answered::fail);
    return answered.future();
  }
}
