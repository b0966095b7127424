package io.sentinelgateway.schema;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads {@code file:/path} secrets. Messages name the file, never the content. */
final class SecretFiles {

  private static final String SCHEME = "file:";
  private static final int MAX_BYTES = 64 * 1024;

  private SecretFiles() {}

  /**
   * @throws IllegalArgumentException when the text names a file that cannot be read
   */
  static Secret read(String text) {
    return text.startsWith(SCHEME)
        ? content(text.substring(SCHEME.length()))
        : notEmpty(text, Secret.MASK);
  }

  private static Secret content(String path) {
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException(SCHEME + path + " (expected: file: and an absolute path)");
    }
    try (InputStream in = Files.newInputStream(Path.of(path))) {
      byte[] bytes = in.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new IllegalArgumentException(SCHEME + path + " is too large (expected: 64KiB)");
      }
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return notEmpty(text.replaceFirst("\\r?\\n\\z", ""), SCHEME + path);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(SCHEME + path + " is not UTF-8 text", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(
          SCHEME + path + " cannot be read: " + e.getClass().getSimpleName(), e);
    }
  }

  private static Secret notEmpty(String value, String shown) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(shown + " is empty (expected: a secret, or file:/path)");
    }
    return new Secret(value);
  }
}
