package io.sentinelgateway.listener;

import io.sentinelgateway.exchange.Body;
import io.sentinelgateway.exchange.Exchange;
import io.sentinelgateway.exchange.ProxyResponse;
import io.sentinelgateway.http.HopByHop;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;

/**
 * Writes an answer to the client: runs the hooks of the filters, frames the content, and says
 * whether the connection goes on. Confined to one event loop.
 */
final class ResponseWriter {

  private static final String UPGRADE = "Upgrade";

  private final Exchange exchange;
  private final ServerExchange owner;
  private final HttpServerResponse out;

  ResponseWriter(Exchange exchange, ServerExchange owner) {
    this.exchange = exchange;
    this.owner = owner;
    this.out = exchange.request().response();
  }

  void write(ProxyResponse response) {
    exchange.runHooks();
    exchange.record().status = response.status();
    out.setStatusCode(response.status());
    MultiMap fields = response.fields();
    if (!fields.contains(HttpHeaders.DATE)) {
      fields.set(HttpHeaders.DATE, exchange.loop().httpDate());
    }
    if (response.body() instanceof Body.Switch change) {
      change(change, fields);
      return;
    }
    if (exchange.request().version() == HttpVersion.HTTP_2) {
      HopByHop.removeConnectionSpecific(fields);
    } else if (owner.closesConnection()) {
      fields.set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    Body body = response.body();
    boolean head = exchange.head().method().equals("HEAD");
    if (body instanceof Body.Source source) {
      new ContentWriter(exchange, owner, source).begin();
    } else if (body instanceof Body.FilePart file) {
      file(file, fields, head);
    } else if (body instanceof Body.Bytes bytes) {
      bytes(bytes, fields, head);
    } else {
      headWritten();
      owner.endWith(out.end());
    }
  }

  /** The connection is no longer HTTP once the head has gone out. */
  private void change(Body.Switch change, MultiMap fields) {
    headWritten();
    fields.set(HttpHeaders.CONNECTION, UPGRADE);
    fields.set(HttpHeaders.UPGRADE, exchange.upgrade());
    // RFC 9110 section 8.6: the library would add it.
    out.headersEndHandler(v -> fields.remove(HttpHeaders.CONTENT_LENGTH));
    owner.switchTo(change, out.end());
  }

  private void headWritten() {
    exchange.record().headNanos = exchange.loop().nanoTime();
  }

  private void bytes(Body.Bytes bytes, MultiMap fields, boolean head) {
    headWritten();
    fields.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(bytes.bytes().length()));
    owner.endWith(head ? out.end() : out.end(bytes.bytes()));
  }

  private void file(Body.FilePart file, MultiMap fields, boolean head) {
    headWritten();
    fields.set(HttpHeaders.CONTENT_LENGTH, Long.toString(file.length()));
    if (head) {
      owner.endWith(out.end());
      return;
    }
    out.sendFile(file.path(), file.offset(), file.length())
        .onComplete(v -> owner.end(), owner::broken);
  }
}
