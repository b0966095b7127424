package io.sentinelgateway.embed;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which gateway this is. Stateless. */
final class ProductVersion {

  private ProductVersion() {}

  /** As the build wrote it. */
  static String number() {
    try (InputStream in =
        ProductVersion.class.getResourceAsStream("/sentinel-version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
