package io.sentinelgateway.filter;

import static io.sentinelgateway.filter.FilterFixture.filter;
import static org.assertj.core.api.Assertions.assertThat;

import io.sentinelgateway.exchange.Echo;
import io.sentinelgateway.exchange.ExchangeServer;
import io.sentinelgateway.exchange.Reply;
import io.vertx.core.Vertx;
import io.vertx.junit5.VertxExtension;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(VertxExtension.class)
class RequestIdFilterTest {

  private static Reply get(Vertx vertx, String yaml, String... fields) throws IOException {
    try (ExchangeServer server = new ExchangeServer(vertx, filter(yaml).over(new Echo()))) {
      return server.get("/", fields);
    }
  }

  @Test
  void tellsBothSidesTheIdUnderTheNameOfTheServer(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "{type: request-id}", "X-Correlation-Id: forged");
    assertThat(reply.forwarded("x-correlation-id")).containsExactly("id-1");
    assertThat(reply.field("x-correlation-id")).isEqualTo("id-1");
  }

  @Test
  void usesANameOfItsOwn(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "{type: request-id, header: X-Request-Id, to-client: false}");
    assertThat(reply.forwarded("x-request-id")).containsExactly("id-1");
    assertThat(reply.fields("x-request-id")).isEmpty();
  }

  @Test
  void keepsAForgedIdFromTheOriginWhenItTellsNone(Vertx vertx) throws IOException {
    Reply reply = get(vertx, "{type: request-id, to-origin: false}", "X-Correlation-Id: forged");
    assertThat(reply.forwarded("x-correlation-id")).isEmpty();
    assertThat(reply.field("x-correlation-id")).isEqualTo("id-1");
  }
}
