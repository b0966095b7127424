package io.sentinelgateway.verticle;

import io.sentinelgateway.config.GatewayConfig;
import io.sentinelgateway.config.ListenerConfig;
import io.sentinelgateway.listener.UnixSocketFile;
import io.sentinelgateway.runtime.RuntimeSnapshot;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of all Unix sockets that listeners bind: done once, before and after all event loops
 * share the sockets. Blocks: not for an event loop. Immutable.
 */
final class SocketFiles {

  private final Map<String, ListenerConfig> listeners;

  private SocketFiles(Map<String, ListenerConfig> listeners) {
    this.listeners = listeners;
  }

  /** Of all listeners of a configuration. */
  static SocketFiles of(GatewayConfig config) {
    Map<String, ListenerConfig> unix = new LinkedHashMap<>(config.listeners());
    unix.values().removeIf(listener -> !listener.address().unix());
    return new SocketFiles(unix);
  }

  /** Of those that bind where none does yet. */
  SocketFiles without(@Nullable RuntimeSnapshot before) {
    Map<String, ListenerConfig> fresh = new LinkedHashMap<>(listeners);
    if (before != null) {
      for (ListenerConfig known : before.config().listeners().values()) {
        fresh.values().removeIf(listener -> listener.address().equals(known.address()));
      }
    }
    return new SocketFiles(fresh);
  }

  /** Removes what dead processes left behind. */
  void clear() {
    each((file, config) -> UnixSocketFile.clear(file));
  }

  /** Says who may connect. */
  void permit() {
    each(
        (file, config) -> {
          if (config.unix().isPresent()) {
            UnixSocketFile.permit(file, config.unix().get());
          }
        });
  }

  private void each(Action action) {
    listeners.forEach(
        (id, config) -> {
          try {
            action.on(Path.of(config.address().host()), config);
          } catch (IOException e) {
            throw new ListenerFailedException(List.of("listeners", id), config.address(), e);
          }
        });
  }

  private interface Action {
    void on(Path file, ListenerConfig config) throws IOException;
  }
}
