package io.sentinelgateway.verticle;

import io.sentinelgateway.source.ConfigSource;
import io.sentinelgateway.source.Sources;
import io.vertx.config.spi.ConfigStore;
import io.vertx.config.spi.ConfigStoreFactory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;

/**
 * The configuration source as a store of vertx-config. The stores that the library brings read a
 * directory file by file while it changes, and turn a source that cannot be read into an empty
 * configuration; this one reads one moment's content, and carries problems along.
 */
public final class SourceStore implements ConfigStore {

  /** The {@code type} of the store. */
  static final String TYPE = "sentinel-source";

  static final String PATH = "path";

  private final Vertx vertx;
  private final ConfigSource source;

  private SourceStore(Vertx vertx, ConfigSource source) {
    this.vertx = vertx;
    this.source = source;
  }

  /** Found by vertx-config through the service loader. */
  public static final class Factory implements ConfigStoreFactory {

    @Override
    public String name() {
      return TYPE;
    }

    @Override
    public ConfigStore create(Vertx vertx, JsonObject configuration) {
      return new SourceStore(vertx, new ConfigSource(Path.of(configuration.getString(PATH))));
    }
  }

  @Override
  public Future<Buffer> get() {
    return vertx.executeBlocking(() -> encode(source.read()));
  }

  /** Only compared, to see that something has changed: reading for real comes after that. */
  private static Buffer encode(Sources sources) {
    JsonArray texts = new JsonArray();
    sources.texts().forEach(text -> texts.add(new JsonArray().add(text.name()).add(text.text())));
    JsonArray problems = new JsonArray();
    sources.problems().forEach(problem -> problems.add(problem.toString()));
    return new JsonObject().put("texts", texts).put("problems", problems).toBuffer();
  }

  @Override
  public Future<Void> close() {
    return Future.succeededFuture();
  }
}
