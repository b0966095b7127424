package io.sentinelgateway.bus;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.eventbus.DeliveryOptions;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A question to one receiver: a typed event-bus address with replies. Immutable.
 *
 * <p>Failures travel by reference too: a reply is an {@link Answer}, because the bus would turn an
 * exception into a text.
 *
 * @param address on the event bus; a number at its end tells receivers of the same kind apart
 * @param type of the question, which is immutable
 * @param reply type of the answer, which is immutable
 */
public record Call<Q, A>(String address, Class<Q> type, Class<A> reply) {

  /** Preparing may resolve names, read files and open sockets. */
  private static final long PATIENCE_MILLIS = 60_000;

  /** The same call to the receiver with this number. */
  public Call<Q, A> of(int index) {
    return new Call<>(address + "." + index, type, reply);
  }

  public Future<A> ask(Vertx vertx, Q question) {
    return ask(vertx, question, Duration.ofMillis(PATIENCE_MILLIS));
  }

  /** For a question whose answer may take longer than usual. */
  public Future<A> ask(Vertx vertx, Q question, Duration patience) {
    DeliveryOptions options =
        new DeliveryOptions().setLocalOnly(true).setSendTimeout(patience.toMillis());
    return vertx
        .eventBus()
        .<Answer>request(address, question, options)
        .compose(message -> message.body().toFuture(reply));
  }

  /** The receiver is called on the context of the caller. */
  public void serve(Vertx vertx, Function<Q, Future<A>> receiver) {
    vertx
        .eventBus()
        .<Q>localConsumer(
            address,
            message ->
                answer(receiver, message.body())
                    .onComplete(
                        result -> message.reply(new Answer(result, null)),
                        failure -> message.reply(new Answer(null, failure))));
  }

  /** Whoever throws has failed too: without an answer the caller would wait in vain. */
  private static <Q, A> Future<A> answer(Function<Q, Future<A>> receiver, Q question) {
    try {
      return receiver.apply(question);
    } catch (RuntimeException e) {
      return Future.failedFuture(e);
    }
  }

  /** What became of a question. */
  record Answer(@Nullable Object result, @Nullable Throwable failure) {

    <T> Future<T> toFuture(Class<T> type) {
      return failure == null
          ? Future.succeededFuture(type.cast(result))
          : Future.failedFuture(failure);
    }
  }
}
