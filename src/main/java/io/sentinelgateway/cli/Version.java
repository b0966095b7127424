package io.sentinelgateway.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** The versions of the gateway and of what it stands on. */
final class Version implements IVersionProvider {

  /** The gateway's own version. */
  static String number() {
    return properties().getProperty("version");
  }

  static Properties properties() {
    try (InputStream in = Version.class.getResourceAsStream("/sentinel-version.properties")) {
      Properties properties = new Properties();
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public String[] getVersion() {
    return new String[] {"sentinel " + number()};
  }
}
