package io.sentinelgateway.bus;

import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.util.function.Consumer;

/**
 * A statement to whoever listens: a typed event-bus address without replies. Immutable.
 *
 * @param address on the event bus
 * @param type of its messages, which are immutable
 */
public record Topic<T>(String address, Class<T> type) {

  public void publish(Vertx vertx, T message) {
    vertx.eventBus().publish(address, message, new DeliveryOptions().setLocalOnly(true));
  }

  /** The receiver is called on the context of the caller. */
  public void subscribe(Vertx vertx, Consumer<T> receiver) {
    vertx.eventBus().<T>localConsumer(address, message -> receiver.accept(message.body()));
  }
}
