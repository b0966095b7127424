package io.sentinelgateway.handler;

import io.sentinelgateway.config.HandlerSettings;
import io.sentinelgateway.exchange.Handler;
import io.sentinelgateway.schema.Kind;
import java.util.List;

/** All terminal handlers of this room: one line each. Immutable. */
public final class HandlerKinds {

  public static final List<Kind<?, HandlerWiring, Handler>> ALL =
      List.of(
          new Kind<>("redirect", RedirectHandler.Settings.class, RedirectHandler::new),
          new Kind<>("respond", RespondHandler.Settings.class, RespondHandler::new),
          new Kind<>("static", StaticHandler.Settings.class, StaticHandler::new));

  private HandlerKinds() {}

  /**
   * Builds the handler that such settings are for.
   *
   * @throws IllegalArgumentException with a message for the user
   */
  public static Handler create(HandlerSettings settings, HandlerWiring wiring) {
    for (Kind<?, HandlerWiring, Handler> kind : ALL) {
      if (kind.settings().isInstance(settings)) {
        return kind.create(settings, wiring);
      }
    }
    throw new IllegalArgumentException(settings.getClass().getName() + " (expected: a handler)");
  }
}
