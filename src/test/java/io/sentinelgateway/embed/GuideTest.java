package io.sentinelgateway.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The guide's configuration is valid for embedding; that its class compiles, DocsTest sees to. */
class GuideTest {

  private static final Pattern YAML = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$");

  @Test
  void configurationOfTheGuideIsValid() throws IOException {
    String guide = Files.readString(Path.of("docs/how-to/embed-in-vertx.md"));
    List<String> yaml = YAML.matcher(guide).results().map(m -> m.group(1)).toList();

    assertThat(yaml).hasSize(1);
    assertThat(new EmbeddedConfig().read(yaml.get(0)).problems()).isEmpty();
  }
}
