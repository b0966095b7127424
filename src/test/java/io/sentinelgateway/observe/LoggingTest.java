package io.sentinelgateway.observe;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.sentinelgateway.config.LogConfig.Format;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

/** The gateway's own log. */
class LoggingTest {

  private final LoggerContext context = new LoggerContext();

  @Test
  void jsonEventsAreOneLineEachWhateverTheySay() {
    LoggingEvent event =
        new LoggingEvent(
            "x",
            context.getLogger("io.sentinelgateway.Test"),
            Level.WARN,
            "forged\n{\"level\":\"INFO\"} {}",
            new IllegalStateException("why"),
            new Object[] {"argument"});
    String line = new String(new JsonLogEncoder().encode(event), StandardCharsets.UTF_8);
    assertThat(line.indexOf('\n')).isEqualTo(line.length() - 1);
    JsonObject json = new JsonObject(line);
    assertThat(json.getString("message")).isEqualTo("forged\n{\"level\":\"INFO\"} argument");
    assertThat(json.getString("level")).isEqualTo("WARN");
    assertThat(json.getString("logger")).isEqualTo("io.sentinelgateway.Test");
    assertThat(json.getString("stack")).contains("IllegalStateException: why");
    assertThat(json.getString("time"))
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
  }

  @Test
  void librariesAreQuieterThanTheGateway() {
    assertThat(levels(Level.INFO)).isEqualTo("INFO WARN");
    assertThat(levels(Level.DEBUG)).isEqualTo("DEBUG INFO");
    assertThat(levels(Level.ERROR)).isEqualTo("ERROR ERROR");
  }

  @Test
  void isSetUpQuietlyBeforeAnyConfigurationIsRead() {
    assertThat(ServiceLoader.load(Configurator.class))
        .anySatisfy(c -> assertThat(c).isInstanceOf(QuietStart.class));
    assertThat(new QuietStart().configure(context))
        .isEqualTo(Configurator.ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY);
    assertThat(context.getLogger(Logger.ROOT_LOGGER_NAME).getLevel()).isEqualTo(Level.WARN);
  }

  private String levels(Level level) {
    Logging.configure(context, level, Format.TEXT);
    Level own = context.getLogger("io.sentinelgateway.Any").getEffectiveLevel();
    String levels = own + " " + context.getLogger("io.netty.Any").getEffectiveLevel();
    context.stop();
    return levels;
  }
}
