package io.sentinelgateway.embed;

import io.sentinelgateway.handler.GatewayStatus;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import io.vertx.core.json.JsonObject;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What an embedded gateway says about itself. Thread-safe. */
final class EmbeddedStatus implements GatewayStatus {

  private final String version;
  private final Supplier<@Nullable RuntimeSnapshot> current;

  EmbeddedStatus(String version, Supplier<@Nullable RuntimeSnapshot> current) {
    this.version = version;
    this.current = current;
  }

  @Override
  public boolean ready() {
    return current.get() != null;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public JsonObject status() {
    JsonObject json = new JsonObject().put("version", version).put("ready", ready());
    RuntimeSnapshot snapshot = current.get();
    return snapshot == null
        ? json
        : json.put(
            "configuration",
            new JsonObject()
                .put("version", snapshot.version())
                .put("hash", snapshot.hash())
                .put("routes", snapshot.plans().size())
                .put("upstreams", snapshot.upstreams().size()));
  }
}
